import type { Panel } from '../../core/panel.ts';
import type { InstProcessor } from '../types.ts';
import { stackPanels } from './stack.ts';

/**
 * Runs processors over the rows of each instrument. Where they only keep or drop whole instruments or rows, the features keep their
 * storage. Source: qlib, `DatasetProvider.inst_calculator`.
 */
export async function applyInstProcessors(
  panel: Panel,
  processors: readonly InstProcessor[],
): Promise<Panel> {
  if (processors.length === 0) return panel;
  const { index } = panel;
  const rowsOf = rowsByInstrument(panel);
  const kept = new Uint8Array(index.length);
  const changed: Panel[] = [];
  for (const [code, rows] of rowsOf) {
    const before = panel.take(rows);
    let part = before;
    for (const processor of processors) part = await processor.apply(part, index.instruments[code]!);
    if (part === before) for (const row of rows) kept[row] = 1;
    else if (part.length > 0) changed.push(part);
  }
  const rows = Uint32Array.from(Array.from(index.codes.keys()).filter((row) => kept[row] === 1));
  const whole = rows.length === index.length ? panel : panel.take(rows);
  return changed.length === 0 ? whole : stackPanels([whole, ...changed]);
}

function rowsByInstrument({ index }: Panel): Map<number, Uint32Array> {
  const counts = new Uint32Array(index.instruments.length);
  for (const code of index.codes) counts[code]!++;
  const rows = new Map<number, Uint32Array>();
  counts.forEach((count, code) => {
    if (count > 0) rows.set(code, new Uint32Array(new SharedArrayBuffer(count * 4)));
  });
  counts.fill(0);
  index.codes.forEach((code, row) => {
    rows.get(code)![counts[code]!++] = row;
  });
  return rows;
}
