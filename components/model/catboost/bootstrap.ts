import { pow } from '../../core/power.ts';
import { mvsThreshold } from './mvs-threshold.ts';
import type { CatParams } from './params.ts';
import { type CatRandom, partRandom } from './random.ts';

/** Rows whose weights one generator draws. */
const bayesianBlock = 1000;
const mvsBlock = 8192;

/**
 * Weights of the rows in the next tree, drawn as CatBoost draws them: `(rows)` into `out`, float32. Returns whether any row may be left out (weight 0).
 * `gradients` are those of the rows, with their own weights; `meanLeaf` the mean size of the last tree's leaf values, or null before the first.
 * Poisson, which CatBoost has on graphics cards only, is P(0) = 1 - subsample by products of uniform numbers (Knuth). Source: catboost
 * private/libs/algo/tensor_search_helpers.cpp, mvs.cpp (Ibragimov and Gusev 2019), calc_score_cache.cpp.
 */
export function drawRowWeights(
  params: CatParams,
  random: CatRandom,
  gradients: Float64Array,
  meanLeaf: number | null,
  out: Float32Array,
): boolean {
  const { bootstrap_type, bagging_temperature } = params;
  const share = Math.fround(params.subsample ?? (bootstrap_type === 'MVS' ? 0.8 : 0.66));
  if (bootstrap_type === 'Bayesian' && bagging_temperature > 0) {
    const seed = random.bits();
    const power = Math.fround(bagging_temperature);
    for (let from = 0, part = 0; from < out.length; from += bayesianBlock, part++) {
      const own = partRandom(seed, part);
      const to = Math.min(from + bayesianBlock, out.length);
      for (let i = from; i < to; i++) {
        const weight = -fastLog(Math.fround(own.uniform() + 1e-100));
        out[i] = power === 1 ? weight : pow(weight, power);
      }
    }
    return false;
  }
  if (bootstrap_type === 'MVS' && share < 1) {
    const mean = meanLeaf ?? gradients.reduce((sum, g) => sum + Math.abs(g), 0) / gradients.length;
    drawByGradient(random.bits(), gradients, mean * mean, share, out);
    return true;
  }
  if (bootstrap_type === 'Bernoulli' && share < 1) {
    for (let i = 0; i < out.length; i++) out[i] = random.uniform() < share ? 1 : 0;
    return true;
  }
  if (bootstrap_type === 'Poisson' && share < 1) {
    for (let i = 0; i < out.length; i++) out[i] = poisson(random, 1 - share);
    return true;
  }
  out.fill(1);
  return false;
}

/** Rows are drawn with the chance sqrt(g^2 + lambda) / threshold and weigh its reciprocal; the threshold is each block's own. */
function drawByGradient(
  seed: [number, number],
  gradients: Float64Array,
  lambda: number,
  share: number,
  out: Float32Array,
): void {
  for (let from = 0, part = 0; from < out.length; from += mvsBlock, part++) {
    const own = partRandom(seed, part);
    const to = Math.min(from + mvsBlock, out.length);
    const sizes = gradients.slice(from, to).map((g) => Math.sqrt(g * g + lambda));
    const threshold = mvsThreshold(sizes.slice(), Math.fround(share * sizes.length));
    for (let i = from; i < to; i++) {
      const size = sizes[i - from]!;
      const chance = size > threshold ? 1 : size / threshold;
      out[i] = chance > Number.EPSILON ? (own.uniform() < chance ? 1 / chance : 0) : 0;
    }
  }
}

function poisson(random: CatRandom, limit: number): number {
  let product = random.uniform();
  let count = 0;
  for (; product > limit; count++) product *= random.uniform();
  return count;
}

const round = Math.fround;
const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Natural logarithm to about 1e-5, float32 (Mineiro's fastapprox), with which CatBoost draws Bayesian weights. */
export function fastLog(x: number): number {
  float[0] = x;
  const whole = round(round(bits[0]!) * round(1.1920928955078125e-7));
  bits[0] = (bits[0]! & 0x007fffff) | 0x3f000000;
  const m = float[0]!;
  const a = round(round(whole - round(124.22551499)) - round(round(1.498030302) * m));
  const log2 = round(a - round(round(1.72587999) / round(round(0.3520887068) + m)));
  return round(round(Math.LN2) * log2);
}
