import { UserError } from '../core/errors.ts';
import { kahanMean } from '../core/kahan-mean.ts';
import type { Panel, Values } from '../core/panel.ts';
import { stableOrder } from '../core/stable-order.ts';
import { type DayPairs, pairsByDay } from './pairs-by-day.ts';
import { scoreOrder } from './score-order.ts';
import { seriesMean } from './series-figures.ts';

export interface QuantileOptions {
  /** Share of a day's instruments on each side. Default 0.2. */
  readonly quantile?: number;
  /** Leaves out instruments without score or label before they are counted. Default false. */
  readonly dropna?: boolean;
}

export interface LongShortReturn {
  readonly times: Float64Array;
  /** (mean label of the best - mean label of the worst) / 2. Float32 where the labels are and no day lacks a mean. */
  readonly longShort: Values;
  /** Mean label of all, in the precision of the labels. */
  readonly average: Values;
}

export interface LongShortPrecision {
  readonly times: Float64Array;
  /** Share of the best whose label is above 0. */
  readonly long: Float64Array;
  /** Share of the worst whose label is below 0. */
  readonly short: Float64Array;
}

/**
 * Returns of the best and worst int(n x quantile) instruments of each day by score, n with those whose score is
 * NaN unless `dropna`: qlib's `calc_long_short_return`. Ties go by name. NaN labels are left out of means.
 * Means of float32 labels are float32, summed in pandas' order: the sides as numpy sums, the mean of all with Kahan's correction.
 */
export function longShortReturn(pred: Panel, label: Panel, options: QuantileOptions = {}): LongShortReturn {
  const isSingle = label.columns[0]?.values instanceof Float32Array;
  const precise = (values: Float64Array): Values => (isSingle ? Float32Array.from(values) : values);
  const times: number[] = [];
  const [long, short, average]: number[][] = [[], [], []];
  for (const day of daysOf(pred, label, options.dropna)) {
    const { best, worst } = ends(day, options.quantile);
    times.push(day.time);
    long!.push(seriesMean(precise(best)));
    short!.push(seriesMean(precise(worst)));
    average!.push(kahanMean(precise(day.label), 0, day.label.length));
  }
  // where a side has no mean on a day, pandas makes a Series of doubles
  const isWhole = ![...long!, ...short!].some(Number.isNaN);
  const round = isSingle && isWhole ? Math.fround : (x: number) => x;
  const longShort = Float64Array.from(long!, (x, i) => round(x - short![i]!) / 2);
  return {
    times: Float64Array.from(times),
    longShort: isWhole ? precise(longShort) : longShort,
    average: precise(Float64Array.from(average!)),
  };
}

/**
 * How often the best of a day rise and the worst fall: qlib's `calc_long_short_prec`. With `isAlpha`, against
 * the day's mean label. Days too small for one instrument a side have no row.
 * @throws UserError where the labels know no more instruments than one side of a day needs (int(1 / quantile))
 */
export function longShortPrecision(
  pred: Panel,
  label: Panel,
  options: QuantileOptions & { readonly isAlpha?: boolean } = {},
): LongShortPrecision {
  const { quantile = 0.2, isAlpha = false } = options;
  const known = new Set(label.index.codes).size;
  if (Math.trunc(1 / quantile) >= known)
    throw new UserError(`${known} instruments are too few for a precision by quantile ${quantile}`, {
      hint: `more than ${Math.trunc(1 / quantile)} are needed`,
    });
  const times: number[] = [];
  const long: number[] = [];
  const short: number[] = [];
  for (const day of daysOf(pred, label, options.dropna, isAlpha)) {
    const { best, worst } = ends(day, quantile);
    if (best.length === 0) continue;
    times.push(day.time);
    long.push(best.filter((x) => x > 0).length / best.filter((x) => !Number.isNaN(x)).length);
    short.push(worst.filter((x) => x < 0).length / worst.filter((x) => !Number.isNaN(x)).length);
  }
  return { times: Float64Array.from(times), long: Float64Array.from(long), short: Float64Array.from(short) };
}

function* daysOf(pred: Panel, label: Panel, dropna = false, isAlpha = false): Generator<DayPairs> {
  for (const day of pairsByDay(pred, label)) {
    const { time, pred: scores, label: labels } = day;
    if (!dropna && !isAlpha) {
      if (labels.length > 0) yield day;
      continue;
    }
    const mean = isAlpha ? meanOf(labels) : 0;
    const keep = (_: number, i: number) => !dropna || !(Number.isNaN(scores[i]!) || Number.isNaN(labels[i]!));
    const kept = labels.filter(keep).map((x) => x - mean);
    if (kept.length > 0) yield { time, pred: scores.filter(keep), label: kept };
  }
}

/** Labels of the instruments with the highest and the lowest scores; NaN scores come last on either side. */
function ends({ pred, label }: DayPairs, quantile = 0.2): { best: Float64Array; worst: Float64Array } {
  const count = Math.trunc(pred.length * quantile);
  const pick = (scores: Float64Array) => {
    const order = scoreOrder(scores, count);
    const places = order.length === count ? order : stableOrder(scores, true);
    const out = new Float64Array(count);
    for (let i = 0; i < count; i++) out[i] = label[places[i]!]!;
    return out;
  };
  return { best: pick(pred), worst: pick(negated(pred)) };
}

function negated(values: Float64Array): Float64Array {
  const out = new Float64Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = -values[i]!;
  return out;
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++)
    if (!Number.isNaN(values[i]!)) {
      sum += values[i]!;
      count++;
    }
  return count > 0 ? sum / count : Number.NaN;
}
