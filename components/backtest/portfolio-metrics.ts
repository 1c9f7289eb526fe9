import type { Time } from '../core/dates.ts';
import type { Table } from '../core/table.ts';
import { type BenchmarkReturns, benchmarkReturn } from './benchmark.ts';

/**
 * One row of the report. Money is in the account's currency; `return`, `turnover` and `cost` are shares of the
 * account one step before.
 */
export interface PortfolioRow {
  /** Value of instruments and cash at the end of the step. */
  readonly account: number;
  /** Return without cost. */
  readonly return: number;
  /** Money traded since the start. */
  readonly total_turnover: number;
  readonly turnover: number;
  /** Cost since the start. */
  readonly total_cost: number;
  readonly cost: number;
  /** Value of instruments. */
  readonly value: number;
  readonly cash: number;
}

const names = [
  'account',
  'return',
  'total_turnover',
  'turnover',
  'total_cost',
  'cost',
  'value',
  'cash',
] as const;

/** The report of one level of execution: qlib's PortfolioMetrics. */
export class PortfolioMetrics {
  readonly #times: Time[] = [];
  readonly #rows: PortfolioRow[] = [];
  readonly #bench: number[] = [];

  constructor(readonly benchmark: BenchmarkReturns | null) {}

  /** The row added last. */
  get last(): PortfolioRow | undefined {
    return this.#rows[this.#rows.length - 1];
  }

  add(start: Time, end: Time, row: PortfolioRow): void {
    this.#times.push(start);
    this.#rows.push(row);
    this.#bench.push(this.benchmark ? benchmarkReturn(this.benchmark, start, end) : 0);
  }

  /**
   * DataFrame with index datetime and columns account, return, total_turnover, turnover, total_cost, cost,
   * value, cash, bench.
   */
  table(): Table {
    const column = (label: string, values: Float64Array) => ({ label, dtype: 'float64' as const, values });
    return {
      kind: 'frame',
      index: [
        { name: 'datetime', dtype: 'datetime64[ns]', values: Float64Array.from(this.#times), codes: null },
      ],
      columns: [
        ...names.map((name) =>
          column(
            name,
            Float64Array.from(this.#rows, (row) => row[name]),
          ),
        ),
        column('bench', Float64Array.from(this.#bench)),
      ],
    };
  }
}
