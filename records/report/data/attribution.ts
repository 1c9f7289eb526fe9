import type { Table } from '../../../components/core/table.ts';
import type { Recorder } from '../../tracking/recorder.ts';
import { columnOf, loadTable, timesOf } from './load.ts';

/** What AttributionRecord saved of one level. */
export interface AttributionData {
  readonly times: Float64Array;
  readonly allocation: Float64Array;
  readonly selection: Float64Array;
  readonly interaction: Float64Array;
  readonly total: Float64Array;
  readonly groups: readonly AttributionGroup[];
}

export interface AttributionGroup {
  readonly name: string;
  readonly weight: number;
  readonly benchWeight: number;
  readonly allocation: number;
  readonly selection: number;
  readonly interaction: number;
  readonly total: number;
  /** Part of the excess return's variance. */
  readonly riskShare: number;
}

/** Undefined where there is none. */
export async function loadAttribution(
  recorder: Recorder,
  names: ReadonlySet<string>,
  freq: string,
): Promise<AttributionData | undefined> {
  const files = ['attribution', 'attribution_groups'].map((name) => `portfolio_analysis/${name}_${freq}.pkl`);
  if (!files.every((file) => names.has(file))) return undefined;
  const [days, groups] = [await loadTable(recorder, files[0]!), await loadTable(recorder, files[1]!)];
  const times = days && timesOf(days);
  if (days?.kind !== 'frame' || groups?.kind !== 'frame' || !times) return undefined;
  const column = (label: string) => columnOf(days, label, times.length);
  return {
    times,
    allocation: column('RAA'),
    selection: column('RSS'),
    interaction: column('RIN'),
    total: column('RTotal'),
    groups: groupsOf(groups),
  };
}

function groupsOf(table: Table): AttributionGroup[] {
  const level = table.index[0];
  const names = level
    ? Array.from(level.codes ?? (level.values as ArrayLike<unknown>), (x) =>
        String(level.codes ? level.values[Number(x)] : x),
      )
    : [];
  const column = (label: string) => columnOf(table, label, names.length);
  const [weight, bench, raa, rss, rin, total, risk] = [
    'weight',
    'bench_weight',
    'RAA',
    'RSS',
    'RIN',
    'RTotal',
    'risk_share',
  ].map(column);
  return names.map((name, i) => ({
    name,
    weight: weight![i]!,
    benchWeight: bench![i]!,
    allocation: raa![i]!,
    selection: rss![i]!,
    interaction: rin![i]!,
    total: total![i]!,
    riskShare: risk![i]!,
  }));
}
