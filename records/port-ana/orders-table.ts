import type { DealRecord } from '../../components/backtest/executor.ts';
import type { Table, TableColumn } from '../../components/core/table.ts';

/**
 * `orders.parquet`: every order that the innermost level dealt, in that order. Shares and prices are adjusted, but `raw_shares` and `raw_price`;
 * `reason` says what cut the order last (suspended, limit, volume, cash, holding, unit), null where it was filled as asked.
 */
export function ordersTable(deals: readonly DealRecord[]): Table {
  const numbers = (label: string, of: (deal: DealRecord) => number): TableColumn => ({
    label,
    dtype: 'float64',
    values: Float64Array.from(deals, of),
  });
  const texts = (label: string, of: (deal: DealRecord) => string | null): TableColumn => ({
    label,
    dtype: 'object',
    values: deals.map(of),
  });
  return {
    kind: 'frame',
    index: [
      {
        name: null,
        dtype: 'int64',
        values: BigInt64Array.from(deals, (_, i) => BigInt(i)),
        codes: null,
        range: true,
      },
    ],
    columns: [
      { label: 'datetime', dtype: 'datetime64[ns]', values: Float64Array.from(deals, (d) => d.time) },
      texts('instrument', (d) => d.order.instrument),
      texts('direction', (d) => d.order.direction),
      numbers('asked', (d) => d.order.amount),
      numbers('filled', (d) => d.order.dealAmount),
      numbers('price', (d) => d.price),
      numbers('raw_shares', (d) => d.order.dealAmount * d.order.factor),
      numbers('raw_price', (d) => d.price / d.order.factor),
      numbers('value', (d) => d.value),
      numbers('fee', (d) => d.cost),
      texts('reason', (d) => d.refusal),
    ],
  };
}
