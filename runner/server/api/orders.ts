import { rowCount } from '../../../components/core/table.ts';
import { plainCell } from '../../../records/codec/tables.ts';
import type { ArtifactFolder } from '../../../records/tracking/artifact-folder.ts';
import { loadTable } from './load-artifact.ts';

const path = 'portfolio_analysis/orders.parquet';
const columns = ['datetime', 'direction', 'asked', 'filled', 'price', 'value', 'fee', 'reason'] as const;

export type Order = Readonly<Record<(typeof columns)[number], unknown>>;

/** The orders of an instrument out of `orders.parquet`; null where the run kept none. */
export async function ordersOf(folder: ArtifactFolder, instrument: string): Promise<Order[] | null> {
  const table = await loadTable(folder, path);
  if (table?.kind !== 'frame') return null;
  const columnOf = (name: string) => table.columns.find((column) => column.label === name);
  const names = columnOf('instrument');
  if (!names) return null;
  const orders: Order[] = [];
  for (let row = 0; row < rowCount(table); row++) {
    if (names.values[row] !== instrument) continue;
    const cells = columns.map((name) => {
      const column = columnOf(name);
      return [name, column ? plainCell(column.dtype, column.values[row]) : null] as const;
    });
    orders.push(Object.fromEntries(cells) as Order);
  }
  return orders;
}
