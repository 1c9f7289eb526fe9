import type { Cuts } from './cuts.ts';
import type { XgbParams } from './params.ts';

const round = Math.fround;

/** Sums of gradients and hessians. */
export interface Sums {
  readonly gradient: number;
  readonly hessian: number;
}

export interface XgbSplit {
  readonly gain: number;
  readonly feature: number;
  /** Rows of bins up to this one go left; -1: only missing ones. */
  readonly bin: number;
  readonly condition: number;
  readonly defaultLeft: boolean;
  readonly left: Sums;
  readonly right: Sums;
}

export const noSplit: XgbSplit = {
  gain: 0,
  feature: 0,
  bin: 0,
  condition: 0,
  defaultLeft: false,
  left: { gradient: 0, hessian: 0 },
  right: { gradient: 0, hessian: 0 },
};

type Rules = Pick<XgbParams, 'alpha' | 'lambda' | 'max_delta_step' | 'min_child_weight'>;

/** Rules as XGBoost holds them, in float32. */
export function floatRules(params: XgbParams): XgbParams {
  const { alpha, lambda, max_delta_step, min_child_weight } = params;
  return {
    ...params,
    alpha: round(alpha),
    lambda: round(lambda),
    max_delta_step: round(max_delta_step),
    min_child_weight: round(min_child_weight),
  };
}

/** The leaf's value: -g / (h + lambda) after alpha, at most max_delta_step; float32. */
export function leafWeight(rules: Rules, g: number, h: number): number {
  if (h < rules.min_child_weight || h <= 0) return 0;
  const value = -softened(g, rules.alpha) / (h + rules.lambda);
  const most = rules.max_delta_step;
  return round(most !== 0 && Math.abs(value) > most ? Math.sign(value) * most : value);
}

/** What a leaf saves of the loss; float32, as XGBoost's `CalcGainGivenWeight`. */
export function leafGain(rules: Rules, g: number, h: number): number {
  if (h <= 0) return 0;
  if (rules.max_delta_step === 0) {
    const rest = softened(g, rules.alpha);
    return round(round(rest * rest) / round(h + rules.lambda));
  }
  const w = leafWeight(rules, g, h);
  const linear = round(2 * round(g) * w);
  const square = round(round(round(h) + rules.lambda) * round(w * w));
  return -round(linear + square);
}

function softened(g: number, alpha: number): number {
  return g > alpha ? g - alpha : g < -alpha ? g + alpha : 0;
}

/**
 * The best split of one feature: bins are added from the left, with missing rows on the right; where rows are missing, also from the right, with
 * missing rows on the left. Higher gain wins, of equal ones the first. Source: XGBoost 3.2 `HistEvaluator::EnumerateSplit`.
 */
export function bestSplitOf(
  feature: number,
  histogram: Float64Array,
  { cuts, min }: Cuts,
  sums: Sums,
  ownGain: number,
  rules: Rules,
): XgbSplit {
  let best = noSplit;
  const least = rules.min_child_weight;
  let g = 0;
  let h = 0;
  const consider = (bin: number, fromLeft: boolean) => {
    const otherG = sums.gradient - g;
    const otherH = sums.hessian - h;
    if (h < least || otherH < least) return;
    const own = leafGain(rules, g, h);
    const other = leafGain(rules, otherG, otherH);
    const gain = round(round(own + other) - ownGain);
    if (!(gain > best.gain) || gain === Number.POSITIVE_INFINITY) return;
    const near = { gradient: g, hessian: h };
    const far = { gradient: otherG, hessian: otherH };
    const condition = fromLeft ? cuts[bin]! : bin === 0 ? min : cuts[bin - 1]!;
    best = {
      gain,
      feature,
      bin: fromLeft ? bin : bin - 1,
      condition,
      defaultLeft: !fromLeft,
      left: fromLeft ? near : far,
      right: fromLeft ? far : near,
    };
  };
  for (let bin = 0; bin < cuts.length; bin++) {
    g += histogram[2 * bin]!;
    h += histogram[2 * bin + 1]!;
    consider(bin, true);
  }
  if (g === sums.gradient && h === sums.hessian) return best;
  g = 0;
  h = 0;
  for (let bin = cuts.length - 1; bin >= 0; bin--) {
    g += histogram[2 * bin]!;
    h += histogram[2 * bin + 1]!;
    consider(bin, false);
  }
  return best;
}
