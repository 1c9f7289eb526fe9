import { cut } from '../../core/cut.ts';
import { pow } from '../../core/power.ts';
import { rankInto } from '../../core/rank.ts';

export interface SampleWeightRules {
  readonly alpha1: number;
  readonly alpha2: number;
  readonly bins: number;
  readonly decay: number;
}

/** Of every row: mean ranks of its losses in the first and in the last tenth of a sub-model's iterations, and the ensemble's loss. */
export interface SampleLosses {
  readonly early: Float64Array;
  readonly late: Float64Array;
  readonly ensemble: Float64Array;
}

/**
 * Weights of the training rows for the next sub-model: rows that are hard for the ensemble, or that the last sub-model learned, weigh more.
 * With ranks as shares, h = alpha1 * rank(-loss) + alpha2 * rank(late / early); rows share the weight 1 / (decay^k * mean(h) + 0.1) of their bin of h. A row
 * without loss (NaN) weighs 0. Source: Zhang et al. 2020, "DoubleEnsemble", section IV; qlib contrib/model/double_ensemble.py.
 */
export function sampleWeights(losses: SampleLosses, k: number, rules: SampleWeightRules): Float64Array {
  const { early, late, ensemble } = losses;
  const h1 = shares(ensemble.map((loss) => -loss));
  const h2 = shares(late.map((x, i) => x / early[i]!));
  const h = h1.map((x, i) => rules.alpha1 * x + rules.alpha2 * h2[i]!);
  const bin = cut(h, rules.bins);
  const weights = means(h, bin, rules.bins).map((mean) => 1 / (pow(rules.decay, k) * mean + 0.1));
  return h.map((_, i) => (bin[i]! < 0 ? 0 : weights[bin[i]!]!));
}

/** Ranks as shares of the number of values: pandas `rank(pct=True)`. */
export function shares(x: Float64Array): Float64Array {
  const out = new Float64Array(x.length);
  const count = rankInto(x, out);
  return out.map((rank) => rank / count);
}

/** Mean of each bin, summed with Kahan's correction as pandas' groupby does. */
function means(x: Float64Array, bin: Int32Array, bins: number): Float64Array {
  const sums = new Float64Array(bins);
  const lost = new Float64Array(bins);
  const counts = new Float64Array(bins);
  for (let i = 0; i < x.length; i++) {
    const b = bin[i]!;
    if (b < 0) continue;
    const y = x[i]! - lost[b]!;
    const t = sums[b]! + y;
    lost[b] = t - sums[b]! - y;
    sums[b] = t;
    counts[b]!++;
  }
  return sums.map((sum, b) => sum / counts[b]!);
}
