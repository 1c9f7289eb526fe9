import { tableToPanel } from '../../../components/core/table-to-panel.ts';
import { pearson, spearman } from '../../../components/eval/correlation.ts';
import { pairsByDay } from '../../../components/eval/pairs-by-day.ts';
import { isTable } from '../../../records/codec/tables.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';
import type { Run } from '../../../records/tracking/types.ts';
import { loadArtifact } from './load-artifact.ts';

/** How alike the scores of two runs are, over the days and instruments that both have. */
export interface PredictionComparison {
  readonly pairs: number;
  readonly days: number;
  /** Over all pairs at once. */
  readonly pearson: number;
  readonly rank: number;
  /** Means over days. */
  readonly dailyPearson: number;
  readonly dailyRank: number;
}

/** Compares `pred.pkl` of two runs; null where one has none. */
export async function comparePredictions(
  store: TrackingStore,
  a: Run,
  b: Run,
): Promise<PredictionComparison | null> {
  const [x, y] = [
    await loadArtifact(store, a.info.runId, 'pred.pkl'),
    await loadArtifact(store, b.info.runId, 'pred.pkl'),
  ];
  if (!isTable(x) || !isTable(y)) return null;
  const left: number[] = [];
  const right: number[] = [];
  const daily: number[] = [];
  const dailyRank: number[] = [];
  let days = 0;
  for (const day of pairsByDay(tableToPanel(x), tableToPanel(y))) {
    const before = left.length;
    for (let i = 0; i < day.pred.length; i++) {
      if (Number.isNaN(day.pred[i]!) || Number.isNaN(day.label[i]!)) continue;
      left.push(day.pred[i]!);
      right.push(day.label[i]!);
    }
    if (left.length === before) continue;
    days++;
    daily.push(pearson(day.pred, day.label));
    dailyRank.push(spearman(day.pred, day.label));
  }
  return {
    pairs: left.length,
    days,
    pearson: pearson(left, right),
    rank: spearman(left, right),
    dailyPearson: meanOfPresent(daily),
    dailyRank: meanOfPresent(dailyRank),
  };
}

function meanOfPresent(values: readonly number[]): number {
  const present = values.filter((value) => !Number.isNaN(value));
  return present.reduce((sum, value) => sum + value, 0) / present.length;
}
