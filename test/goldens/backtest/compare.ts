import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { BacktestResult, PortfolioResult } from '../../../components/backtest/run.ts';
import { formatTime, parseTime, type Time } from '../../../components/core/dates.ts';
import type { Table } from '../../../components/core/table.ts';
import { indicatorAnalysis } from '../../../components/eval/indicator.ts';
import { riskAnalysis } from '../../../components/eval/risk.ts';
import { Difference, readCsv, toNumber } from '../support.ts';

type Figures = Readonly<Record<string, number | string>>;
/** result.json of a case. */
export interface ResultJson {
  readonly error?: { readonly type: string; readonly message: string; readonly where: string } | null;
  readonly frequencies?: { readonly report: readonly string[]; readonly indicators: readonly string[] };
  readonly analysis?: Readonly<Record<string, Readonly<Record<string, Figures>>>>;
  readonly accounts?: Readonly<Record<string, readonly Figures[]>>;
  readonly final?: Readonly<Record<string, Figures>>;
  readonly indicator_analysis?: Readonly<Record<string, Readonly<Record<string, Figures>>>>;
  readonly orders?: Readonly<Record<string, number>>;
}

/** How much of a case is compared. */
export interface Scope {
  /** Money in the account, for what "nearly nothing" is. */
  readonly money: number;
  /** Days from here on are no contract. */
  readonly until: Time;
  /** Whether orders.csv.gz may be cut. */
  readonly cut: number;
}

const relative = 1e-8;
const moneyColumns = new Set([
  'account',
  'total_turnover',
  'total_cost',
  'value',
  'cash',
  'now_account_value',
  'cash_delay',
]);

/**
 * Money is compared relative, and to 1e-11 of the account, as sums over a position have no fixed order; rates
 * to 1e-11.
 */
function differences(scope: Scope) {
  const money = new Difference(relative, 1e-11 * scope.money);
  const rates = new Difference(relative, 1e-11);
  return {
    of: (column: string) => (moneyColumns.has(column) ? money : rates),
    check: () => {
      if (money.count > 0) money.check();
      if (rates.count > 0) rates.check();
    },
  };
}

export function compareTable(file: string, ours: Table, scope: Scope): void {
  const { header, rows } = readCsv(file);
  const times = ours.index[0]!.values as Float64Array;
  const shared = rows.filter(([time]) => parseTime(time!)! < scope.until);
  expect(Array.from(times.slice(0, shared.length), formatTime)).toEqual(shared.map(([time]) => time));
  if (scope.until === Number.POSITIVE_INFINITY) expect(times.length).toBe(rows.length);
  const difference = differences(scope);
  header.slice(1).forEach((name, j) => {
    const column = ours.columns.find((c) => c.label === name);
    expect(column, `column ${name}`).toBeDefined();
    for (const [i, row] of shared.entries())
      difference.of(name).add(Number(column!.values[i]), toNumber(row[j + 1]), () => `${row[0]} ${name}`);
  });
  difference.check();
}

export function comparePositions(file: string, { positions }: PortfolioResult, scope: Scope): void {
  const { header, rows } = readCsv(file);
  const difference = new Difference(relative, 1e-9);
  const byTime = groupBy(rows, ([time]) => time!);
  for (const [text, group] of byTime) {
    const time = parseTime(text)!;
    if (time >= scope.until) continue;
    const { holdings } = positions.get(time)!;
    expect([...holdings.keys()].sort(), text).toEqual(group.map((row) => row[1]!).sort());
    for (const row of group) {
      const holding = holdings.get(row[1]!)!;
      header.slice(2).forEach((name, j) => {
        const ours = name.startsWith('count_')
          ? (holding.counts[name.slice(6)] ?? Number.NaN)
          : Number(holding[name as 'amount' | 'price' | 'weight'] ?? Number.NaN);
        difference.add(ours, toNumber(row[j + 2]), () => `${text} ${row[1]} ${name}`);
      });
    }
  }
  if (difference.count > 0) difference.check();
}

export function compareOrders(file: string, { deals }: BacktestResult, scope: Scope): void {
  const { header, rows } = readCsv(file);
  const key = (time: string, direction: string) => `${time} ${direction}`;
  const theirs = groupBy(rows, (row) => key(row[0]!, row[2]!));
  const ours = groupBy(deals, ({ time, order }) => key(formatTime(time), order.direction.toUpperCase()));
  const last = rows.length >= scope.cut ? rows.at(-1)! : undefined;
  const difference = new Difference(relative, 1e-11 * scope.money);
  for (const [group, list] of theirs) {
    if (parseTime(group.slice(0, 10))! >= scope.until) continue;
    if (last && group === key(last[0]!, last[2]!)) continue;
    const mine = ours.get(group) ?? [];
    expect(mine.map(({ order }) => order.instrument).sort(), group).toEqual(
      list.map((row) => row[1]!).sort(),
    );
    for (const row of list) {
      const deal = mine.find(({ order }) => order.instrument === row[1])!;
      const { order } = deal;
      const figures: Record<string, number> = {
        amount: order.amount,
        deal_amount: order.dealAmount,
        trade_price: deal.price,
        trade_val: deal.value,
        trade_cost: deal.cost,
        factor: order.factor,
      };
      for (const [j, name] of header.entries())
        if (j > 2) difference.add(figures[name]!, toNumber(row[j]), () => `${group} ${row[1]} ${name}`);
    }
  }
  if (difference.count > 0) difference.check();
  if (!last && scope.until === Number.POSITIVE_INFINITY) expect(deals.length).toBe(rows.length);
}

/** Compares everything that result.json holds. */
export function compareResult(result: ResultJson, run: BacktestResult, scope: Scope): void {
  if (scope.until < Number.POSITIVE_INFINITY) return;
  expect([...run.portfolio.keys()].sort()).toEqual([...(result.frequencies?.report ?? [])].sort());
  expect([...run.indicators.keys()].sort()).toEqual([...(result.frequencies?.indicators ?? [])].sort());
  const difference = differences(scope);
  const add = (ours: number, theirs: unknown, where: string) =>
    difference.of(where.split('.').at(-1)!).add(ours, toNumber(theirs), where);
  for (const [freq, parts] of Object.entries(result.analysis ?? {})) {
    const column = (name: string) =>
      run.portfolio.get(freq)!.report.columns.find((c) => c.label === name)!.values;
    const [gross, bench, cost] = ['return', 'bench', 'cost'].map(column) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const series: Record<string, Float64Array> = {
      excess_return_without_cost: gross.map((x, i) => x - bench[i]!),
      excess_return_with_cost: gross.map((x, i) => x - bench[i]! - cost[i]!),
      bench,
      return: gross,
    };
    for (const [part, figures] of Object.entries(parts)) {
      const risk: Readonly<Record<string, number>> = { ...riskAnalysis(series[part]!, { freq }) };
      for (const [name, value] of Object.entries(figures))
        if (!(name === 'information_ratio' && risk['std']! < 1e-12))
          add(risk[name]!, value, `${freq}.${part}.${name}`);
    }
  }
  for (const [freq, methods] of Object.entries(result.indicator_analysis ?? {}))
    for (const [method, figures] of Object.entries(methods)) {
      if ('error' in figures) continue;
      const ours: Readonly<Record<string, number>> = {
        ...indicatorAnalysis(run.indicators.get(freq)!.table, method as 'mean'),
      };
      for (const [name, value] of Object.entries(figures))
        add(ours[name]!, value, `${freq}.${method}.${name}`);
    }
  for (const [freq, list] of Object.entries(result.accounts ?? {}))
    for (const row of list) {
      const position = run.portfolio.get(freq)!.positions.get(parseTime(String(row['datetime']))!)!;
      add(position.cash(), row['cash'], `${row['datetime']}.cash`);
      add(position.accountValue!, row['now_account_value'], `${row['datetime']}.now_account_value`);
      expect(position.initialCash).toBe(row['init_cash']);
      expect(position.holdings.size).toBe(row['n_stocks']);
      if (row['cash_delay'] !== undefined)
        add(position.delayedCash()!, row['cash_delay'], `${row['datetime']}.cash_delay`);
    }
  difference.check();
  const { deals } = run;
  const counts: Record<string, number> = {
    n: deals.length,
    dealt: deals.filter(({ order }) => order.dealAmount > 0).length,
    buys: deals.filter(({ order }) => order.direction === 'buy').length,
  };
  for (const [name, count] of Object.entries(result.orders ?? {}))
    expect(counts[name], `orders.${name}`).toBe(count);
}

/** Files of a case whose name begins with `prefix`, by frequency. */
/** The first time at which qlib's account is NaN, where it lost itself; Infinity where it never does. */
export function timeLost(files: readonly (readonly [string, string])[]): Time {
  const times = files.map(([, file]) => {
    const { header, rows } = readCsv(file);
    const account = header.indexOf('account');
    const lost = rows.find((row) => Number.isNaN(toNumber(row[account])));
    return lost ? parseTime(lost[0]!)! : Number.POSITIVE_INFINITY;
  });
  return Math.min(...times, Number.POSITIVE_INFINITY);
}

export function filesByFreq(folder: string, prefix: string, freqs: readonly string[]): [string, string][] {
  return freqs
    .map((freq): [string, string] => [freq, join(folder, `${prefix}_${freq}.csv.gz`)])
    .filter(([, file]) => existsSync(file));
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

/**
 * Weights and account to 1e-4: what the README gives for strategies whose orders come of a numerical solver. An
 * instrument held on one side only has weight 0 on the other.
 */
export function compareWeights(file: string, { positions, report }: PortfolioResult, final: Figures): void {
  const { header, rows } = readCsv(file);
  const at = header.indexOf('weight');
  const difference = new Difference(0, 1e-4);
  for (const [text, group] of groupBy(rows, ([time]) => time!)) {
    const { holdings } = positions.get(parseTime(text)!)!;
    const theirs = new Map(group.map((row) => [row[1]!, toNumber(row[at])]));
    for (const name of new Set([...holdings.keys(), ...theirs.keys()]))
      difference.add(holdings.get(name)?.weight ?? 0, theirs.get(name) ?? 0, () => `${text} ${name} weight`);
  }
  difference.check();
  const account = new Difference(1e-4);
  account.add(Number(report.columns[0]!.values.at(-1)), toNumber(final['account']), 'final account');
  account.check();
}
