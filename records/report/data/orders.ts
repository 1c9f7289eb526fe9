import type { Table } from '../../../components/core/table.ts';
import type { RunWork } from '../../template/run-work.ts';
import type { Recorder } from '../../tracking/recorder.ts';
import { columnOf, loadTable } from './load.ts';

/** The artifact that PortAnaRecord writes. */
export const ordersName = 'portfolio_analysis/orders.parquet';

/** Every order; see `ordersTable`. */
export interface OrdersData {
  readonly count: number;
  readonly times: Float64Array;
  readonly instruments: readonly string[];
  readonly isBuy: readonly boolean[];
  /** Adjusted shares. */
  readonly asked: Float64Array;
  readonly filled: Float64Array;
  /** For an adjusted share; NaN where the order was refused outright. */
  readonly price: Float64Array;
  readonly rawShares: Float64Array;
  readonly rawPrice: Float64Array;
  readonly value: Float64Array;
  readonly fee: Float64Array;
  readonly reasons: readonly (string | null)[];
}

/** Undefined where the run has none: it was made by Python qlib, or by an earlier version. */
export async function loadOrders(
  recorder: Recorder,
  names: ReadonlySet<string>,
  work?: RunWork,
): Promise<OrdersData | undefined> {
  if (!names.has(ordersName)) return undefined;
  const table = await loadTable(recorder, ordersName, work);
  return table?.kind === 'frame' ? ordersOf(table) : undefined;
}

/** Of the table that is saved as the artifact. */
export function ordersOf(table: Table): OrdersData {
  const instruments = textColumn(table, 'instrument');
  const count = instruments.length;
  const column = (label: string) => columnOf(table, label, count);
  return {
    count,
    times: column('datetime'),
    instruments: instruments.map(String),
    isBuy: textColumn(table, 'direction').map((text) => text === 'buy'),
    asked: column('asked'),
    filled: column('filled'),
    price: column('price'),
    rawShares: column('raw_shares'),
    rawPrice: column('raw_price'),
    value: column('value'),
    fee: column('fee'),
    reasons: textColumn(table, 'reason'),
  };
}

function textColumn(table: Table, label: string): (string | null)[] {
  const values = table.columns.find((c) => c.label === label)?.values ?? [];
  return Array.from(values as ArrayLike<unknown>, (v) => (typeof v === 'string' ? v : null));
}
