import type { Table } from '../../components/core/table.ts';
import type { BrinsonGroup } from '../../components/eval/brinson.ts';
import { textLevel } from '../template/tables.ts';

/**
 * A row a group: mean weights of portfolio and benchmark, sums of allocation, selection, interaction and total, and `risk_share`, the part of the
 * excess return's variance that the group brings: cov(its total, all totals) / var(all totals).
 */
export function groupTable(days: readonly ReadonlyMap<string | number, BrinsonGroup>[]): Table {
  const names = [...new Set(days.flatMap((day) => [...day.keys()]))].sort((a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1,
  );
  const totals = Float64Array.from(days, (day) => sum([...day.values()].map((g) => g.RTotal)));
  const column = (label: string, of: (group: readonly (BrinsonGroup | undefined)[]) => number) => ({
    label,
    dtype: 'float64' as const,
    values: Float64Array.from(names, (name) => of(days.map((day) => day.get(name)))),
  });
  const mean = (key: 'weight' | 'benchWeight') => (group: readonly (BrinsonGroup | undefined)[]) =>
    sum(group.map((g) => g?.[key] ?? 0)) / days.length;
  const total = (key: 'RAA' | 'RSS' | 'RIN' | 'RTotal') => (group: readonly (BrinsonGroup | undefined)[]) =>
    sum(group.map((g) => g?.[key] ?? 0));
  return {
    kind: 'frame',
    index: [{ ...textLevel(names.map(String)), name: 'group' }],
    columns: [
      column('weight', mean('weight')),
      column('bench_weight', mean('benchWeight')),
      column('RAA', total('RAA')),
      column('RSS', total('RSS')),
      column('RIN', total('RIN')),
      column('RTotal', total('RTotal')),
      column(
        'risk_share',
        (group) =>
          covariance(
            Float64Array.from(group, (g) => g?.RTotal ?? 0),
            totals,
          ) / covariance(totals, totals),
      ),
    ],
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function covariance(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [a, b].map((x) => x.reduce((s, v) => s + v, 0) / x.length);
  return a.reduce((s, v, i) => s + (v - meanA!) * (b[i]! - meanB!), 0) / (a.length - 1);
}
