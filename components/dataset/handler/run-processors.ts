import { Panel, type PanelColumn, type PanelIndex, type Values } from '../../core/panel.ts';
import { type ColumnProcessor, isColumnProcessor } from '../processor/column-processor.ts';
import type { Processor } from '../types.ts';

/**
 * Runs processors one after the other, each fitted (with `fit`) on what the one before made, as qlib's `_run_proc_l` does. Neighbours
 * that work column by column run together, one column through all of them at a time, so that no more than one column exists twice
 * beside the result. `own` is storage that may be written over; what the processors make joins it. Takes the panel out of `source`:
 * its columns are let go of as soon as they are done.
 */
export async function runProcessors(
  source: { panel: Panel | undefined },
  processors: readonly Processor[],
  fit: boolean,
  own: Set<Values> = new Set(),
): Promise<Panel> {
  let panel = source.panel!;
  source.panel = undefined;
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
    // it may have given two columns one storage, or kept a reference
    own.clear();
  }
  return panel;
}

/** Storage of a panel that one column alone uses, whole. */
export function ownStorage(columns: readonly PanelColumn[]): Set<Values> {
  const buffers = new Map<ArrayBufferLike, number>();
  for (const { values } of columns) buffers.set(values.buffer, (buffers.get(values.buffer) ?? 0) + 1);
  return new Set(columns.map(({ values }) => values).filter(({ buffer }) => buffers.get(buffer) === 1));
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
