import { UserError } from '../../core/errors.ts';
import type { XgbLoss, XgbObjective } from './loss.ts';
import { objectives } from './objectives.ts';
import type { XgbParams } from './params.ts';
import { softmaxObjective } from './softmax.ts';

const round = Math.fround;

/** The objective that the parameters name. */
export function makeXgbObjective(params: XgbParams): XgbObjective {
  const name = params.objective;
  if (name === 'multi:softmax') return softmaxObjective(params);
  const loss = objectives[name]!(params);
  const positiveWeight = loss.scalesPositives ? round(params.scale_pos_weight) : 1;
  const outputs = (scores: Float32Array) => scores.map(loss.output);
  return {
    name,
    json: { name, ...loss.json },
    classes: 1,
    defaultMetric: loss.defaultMetric,
    leafQuantile: loss.leafQuantile,
    baseScores: (label, weight) => Float32Array.of(baseScore(name, loss, positiveWeight, label, weight)),
    margin: loss.margin,
    derive(scores, label, weight, out) {
      for (let i = 0; i < label.length; i++) {
        const own = weight ? weight[i]! : 1;
        const w = label[i] === 1 ? round(own * positiveWeight) : own;
        out[2 * i] = loss.gradient(scores[i]!, label[i]!) * w;
        out[2 * i + 1] = loss.hessian(scores[i]!, label[i]!) * w;
      }
    },
    evaluated: outputs,
    predicted: outputs,
  };
}

function baseScore(
  name: string,
  loss: XgbLoss,
  positiveWeight: number,
  label: Float32Array,
  weight: Float32Array | null,
): number {
  const { labels, start } = loss;
  if (labels && !label.every((y) => labels.allow(y)))
    throw new UserError(`${name} needs labels ${labels.hint}`, { path: ['objective'] });
  if (typeof start === 'object') {
    const quantile = quantileOf(label, weight, start.quantile);
    return start.averaged ? averaged(quantile, sumOf(label, weight)) : quantile;
  }
  if (start === 'mean' && Math.abs(positiveWeight - 1) <= 1e-6) return meanLabel(label, weight);
  return round(loss.output(stump(loss, positiveWeight, label, weight)));
}

function meanLabel(label: Float32Array, weight: Float32Array | null): number {
  let sum = 0;
  let weights = 0;
  for (let i = 0; i < label.length; i++) {
    const w = weight ? weight[i]! : 1;
    sum += label[i]! * w;
    weights += w;
  }
  return round(sum / weights);
}

function sumOf(label: Float32Array, weight: Float32Array | null): number {
  return weight ? weight.reduce((sum, w) => sum + w, 0) : label.length;
}

/** What a mean over machines by their weight, of which there is one, makes of a value: it may lose its last bit. */
function averaged(x: number, weight: number): number {
  return round(round(x * weight) * (1 / weight));
}

/** A Newton step from score 0 over all rows. */
function stump(loss: XgbLoss, positive: number, label: Float32Array, weight: Float32Array | null): number {
  let gradients = 0;
  let hessians = 0;
  for (let i = 0; i < label.length; i++) {
    const y = label[i]!;
    const w = round((weight ? weight[i]! : 1) * (y === 1 ? positive : 1));
    gradients += round(loss.gradient(0, y) * w);
    hessians += round(loss.hessian(0, y) * w);
  }
  return round(-gradients / Math.max(hessians, round(1e-6)));
}

/**
 * Quantile of values (numpy's `weibull`): between the ranks at alpha (n + 1); with weights the first value whose share of all weight reaches alpha. Source: XGBoost
 * src/common/stats.h.
 */
export function quantileOf(values: Float32Array, weight: Float32Array | null, alpha: number): number {
  const n = values.length;
  if (n === 0) return Number.NaN;
  if (weight) return weightedQuantile(values, weight, alpha);
  const sorted = values.slice().sort();
  if (alpha <= 1 / (n + 1)) return sorted[0]!;
  if (alpha >= n / (n + 1)) return sorted[n - 1]!;
  const x = alpha * (n + 1);
  const k = Math.floor(x) - 1;
  const low = sorted[k]!;
  return round(low + (x - 1 - k) * round(sorted[k + 1]! - low));
}

function weightedQuantile(values: Float32Array, weight: Float32Array, alpha: number): number {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);
  const shares = new Float32Array(order.length);
  let sum = 0;
  for (const [k, i] of order.entries()) shares[k] = sum = round(sum + weight[i]!);
  const wanted = round(sum * alpha);
  const at = shares.findIndex((share) => share >= wanted);
  return values[order[at < 0 ? order.length - 1 : at]!]!;
}
