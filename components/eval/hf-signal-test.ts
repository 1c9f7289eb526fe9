import { kahanMean } from '../core/kahan-mean.ts';
import { numpyArgsort } from '../core/numpy-argsort.ts';
import type { PanelIndex, Values } from '../core/panel.ts';
import { mean, roundingOf } from '../core/stats.ts';

/** Means over times, of the top (positive) and the bottom (negative) share of instruments by score. */
export interface HFSignalTest {
  /** Share of the top that beats the mean of its time. */
  readonly positivePrecision: number;
  /** Share of the bottom that stays below it. */
  readonly negativePrecision: number;
  /** Mean of what the top has above the mean label of its time. */
  readonly positiveAlpha: number;
  readonly negativeAlpha: number;
  /** Times of fewer than ten instruments at the bottom, which are left out. */
  readonly leftOut: number;
}

const fewest = 10;

/**
 * How well scores part the instruments of a time. Labels become differences from the mean of their time; sorted by score, the first int(threshold n) instruments are the bottom, those
 * from int((1 - threshold) n) on the top. Equal scores stand as numpy's quicksort leaves them. `score` and `label` are `(rows)` without NaN; figures have the precision of
 * the labels, and are NaN where every time is left out. Source: qlib `HFLGBModel.hf_signal_test`.
 */
export function hfSignalTest(
  index: PanelIndex,
  score: ArrayLike<number>,
  label: Values,
  threshold = 0.2,
): HFSignalTest {
  const { offsets, times } = index;
  const round = roundingOf(label);
  const figures = { up: [] as number[], down: [] as number[], top: [] as number[], bottom: [] as number[] };
  let leftOut = 0;
  for (let t = 0; t < times.length; t++) {
    const [from, to] = [offsets[t]!, offsets[t + 1]!];
    const n = to - from;
    const low = Math.trunc(threshold * n);
    if (low < fewest) {
      leftOut++;
      continue;
    }
    const center = kahanMean(label, from, to);
    const order = numpyArgsort(Float64Array.from({ length: n }, (_, i) => score[from + i]!));
    const alpha = label.slice(from, to);
    for (let i = 0; i < n; i++) alpha[i] = round(label[from + order[i]!]! - center);
    const bottom = alpha.subarray(0, low);
    const top = alpha.subarray(Math.trunc((1 - threshold) * n));
    figures.down.push(bottom.filter((x) => x < 0).length / bottom.length);
    figures.up.push(top.filter((x) => x > 0).length / top.length);
    figures.bottom.push(mean(bottom));
    figures.top.push(mean(top));
  }
  const inStorage = (x: readonly number[]) =>
    label instanceof Float32Array ? Float32Array.from(x) : Float64Array.from(x);
  return {
    positivePrecision: mean(Float64Array.from(figures.up)),
    negativePrecision: mean(Float64Array.from(figures.down)),
    positiveAlpha: mean(inStorage(figures.top)),
    negativeAlpha: mean(inStorage(figures.bottom)),
    leftOut,
  };
}
