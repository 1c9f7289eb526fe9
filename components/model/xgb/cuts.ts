import type { FeatureColumn } from '../gbdt/index.ts';
import type { Binning } from '../hist/layout.ts';
import { QuantileSketch } from './quantile-sketch.ts';

const round = Math.fround;
const factor = 8;

/** Cuts of one feature: bin b holds `cuts[b - 1] <= value < cuts[b]`, the last one all values from there on. */
export interface Cuts {
  readonly cuts: Float32Array;
  /** Below all values. */
  readonly min: number;
  /** Whether rows have no value. */
  readonly missing: boolean;
}

/** Cut points at about equal shares of weight. Source: XGBoost 3.2 `HostSketchContainer` (src/common/quantile.cc). */
export function findCuts(
  { values, rows }: FeatureColumn,
  length: number,
  weight: Float32Array | null,
  maxBin: number,
): Cuts {
  let count = 0;
  for (let i = 0; i < length; i++) if (!Number.isNaN(values[rows ? rows[i]! : i]!)) count++;
  if (count === 0) return { cuts: Float32Array.of(2e-5), min: 1e-5, missing: true };
  const bins = Math.max(1, Math.min(count, maxBin));
  const sketch = new QuantileSketch(count, 1 / (bins * factor));
  for (let i = 0; i < length; i++) {
    const value = values[rows ? rows[i]! : i]!;
    if (!Number.isNaN(value)) sketch.push(round(value), weight ? weight[i]! : 1);
  }
  const found = sketch.summary().pruned(Math.min(count, maxBin * factor));
  const most = Math.min(count, maxBin * factor, maxBin);
  const summary = found.pruned(most + 1);
  const cuts: number[] = [];
  for (let i = 1; i < Math.min(summary.size, most); i++) {
    const cut = summary.value[i]!;
    if (cuts.length === 0 || cut > cuts.at(-1)!) cuts.push(cut);
  }
  const first = summary.value[0]!;
  const last = summary.value[summary.size - 1]!;
  // C's fabs makes these sums in double
  cuts.push(round(last + (Math.abs(last) + round(1e-5))));
  return {
    cuts: Float32Array.from(cuts),
    min: round(first - Math.abs(first) - round(1e-5)),
    missing: count < length,
  };
}

/** How a feature's values find their bins; missing ones have the bin after all cuts. */
export function binningOf({ cuts, missing }: Cuts): Binning {
  const bins = cuts.length + (missing ? 1 : 0);
  return { thresholds: cuts.subarray(0, cuts.length - 1), reaches: true, missing: cuts.length, bins };
}
