import { Panel, type PanelColumn, type PanelIndex, type Values } from '../../core/panel.ts';
import { type ColumnProcessor, isColumnProcessor } from '../processor/column-processor.ts';
import type { Processor } from '../types.ts';

/**
 * Runs processors one after the other, each fitted (with `fit`) on what the one before made, as qlib's `_run_proc_l` does. Neighbours
 * that work column by column run together, one column through all of them at a time, so that no more than one column exists twice
 * beside the result. Takes the panel out of `source`: its columns are let go of as soon as they are done.
 */
export async function runProcessors(
  source: { panel: Panel | undefined },
  processors: readonly Processor[],
  fit: boolean,
): Promise<Panel> {
  let panel = source.panel!;
  source.panel = undefined;
  /** Storage that only this run knows, which may be written over. */
  const own = new Set<Values>();
  for (let i = 0; i < processors.length; ) {
    const steps: ColumnProcessor[] = [];
    for (let p = processors[i]; p && isColumnProcessor(p); p = processors[i + steps.length]) steps.push(p);
    if (steps.length > 0) {
      const { index } = panel;
      const columns: (PanelColumn | undefined)[] = [...panel.columns];
      panel = new Panel(index, []);
      panel = new Panel(index, runColumns(columns, index, steps, fit, own));
      i += steps.length;
      continue;
    }
    const processor = processors[i++]!;
    if (fit) await processor.fit?.(panel);
    panel = await processor.apply(panel);
  }
  return panel;
}

function runColumns(
  columns: (PanelColumn | undefined)[],
  index: PanelIndex,
  steps: readonly ColumnProcessor[],
  fit: boolean,
  own: Set<Values>,
): PanelColumn[] {
  const chosen = steps.map((step) => step.chosen(columns as PanelColumn[]));
  return columns.map((_, i) => {
    let column = columns[i]!;
    columns[i] = undefined;
    steps.forEach((step, s) => {
      if (!chosen[s]![i]) return;
      if (fit) step.fitColumn?.(column, index);
      const reuse = column.rows === null && own.delete(column.values);
      column = step.mapColumn(column, index, reuse);
      own.add(column.values);
    });
    return column;
  });
}
