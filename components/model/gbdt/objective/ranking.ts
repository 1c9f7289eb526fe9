import { UserError } from '../../../core/errors.ts';
import { epsilon } from '../constants.ts';
import { Random } from '../random.ts';
import { discount, labelGains, maxDcg, orderOf, queryBounds } from './dcg.ts';
import type { MakeObjective, Objective, ObjectiveData } from './objective.ts';
import { softmaxInto } from './softmax.ts';

/** An objective whose gradients of a query depend on all its rows. A query belongs to the thread whose rows hold its first. */
function byQuery(
  name: string,
  data: ObjectiveData,
  derive: (query: number, label: Float32Array, score: Float64Array, out: Float32Array) => void,
): Objective {
  const bounds = queryBounds(`objective ${name}`, data);
  const { label, weight } = data;
  return {
    name,
    text: name,
    trees: 1,
    trainable: () => true,
    startScore: () => 0,
    gradients(score, pairs, from, to) {
      for (let q = 0; q + 1 < bounds.length; q++) {
        const [start, end] = [bounds[q]!, bounds[q + 1]!];
        if (start < from || start >= to || data.sampledQueries?.[q] === 0) continue;
        const out = pairs.subarray(2 * start, 2 * end);
        out.fill(0);
        derive(q, label.subarray(start, end), score.subarray(start, end), out);
        if (weight) for (let i = 0; i < out.length; i++) out[i]! *= weight[start + (i >> 1)]!;
      }
    },
  };
}

const sigmoidBins = 1024 * 1024;

/** Pairs of a query, weighted by what swapping them changes NDCG. LightGBM `LambdarankNDCG`, with its table for the sigmoid. */
export const lambdarank: MakeObjective = (params, data) => {
  const { sigmoid, lambdarank_norm: norm, lambdarank_truncation_level: truncation } = params;
  const gains = labelGains(params.label_gain);
  const bad = data.label.find((y) => !(Number.isInteger(y) && y >= 0 && y < gains.length));
  if (bad !== undefined)
    throw new UserError(`objective lambdarank has the label ${bad}`, {
      hint: `labels must be whole numbers below ${gains.length}, or give label_gain`,
      path: ['label_gain'],
    });
  const bounds = queryBounds('objective lambdarank', data);
  const inverse = Float64Array.from({ length: bounds.length - 1 }, (_, q) => {
    const best = maxDcg(truncation, data.label.subarray(bounds[q]!, bounds[q + 1]!), gains);
    return best > 0 ? 1 / best : best;
  });
  const least = -50 / sigmoid / 2;
  const scale = sigmoidBins / (-least - least);
  const table = new Float64Array(sigmoidBins);
  for (let i = 0; i < sigmoidBins; i++) table[i] = 1 / (1 + Math.exp((i / scale + least) * sigmoid));
  const sigmoidOf = (x: number) =>
    x <= least ? table[0]! : x >= -least ? table[sigmoidBins - 1]! : table[Math.trunc((x - least) * scale)]!;
  return byQuery('lambdarank', data, (query, label, score, out) => {
    const order = orderOf(score);
    const count = order.length;
    const best = score[order[0]!]!;
    const worst = score[order[count - 1]!]!;
    let sum = 0;
    for (let i = 0; i < count - 1 && i < truncation; i++)
      for (let j = i + 1; j < count; j++) {
        const [a, b] = [order[i]!, order[j]!];
        if (label[a] === label[b]) continue;
        const [high, low] = label[a]! > label[b]! ? [a, b] : [b, a];
        const difference = score[high]! - score[low]!;
        let delta =
          (gains[label[high]!]! - gains[label[low]!]!) *
          Math.abs(discount(i) - discount(j)) *
          inverse[query]!;
        if (norm && best !== worst) delta /= Math.fround(0.01) + Math.abs(difference);
        const p = sigmoidOf(difference);
        const lambda = p * (-sigmoid * delta);
        const hessian = p * (1 - p) * (sigmoid * sigmoid * delta);
        out[2 * low]! -= Math.fround(lambda);
        out[2 * low + 1]! += Math.fround(hessian);
        out[2 * high]! += Math.fround(lambda);
        out[2 * high + 1]! += Math.fround(hessian);
        sum -= 2 * lambda;
      }
    if (!norm || !(sum > 0)) return;
    const factor = Math.log2(1 + sum) / sum;
    for (let i = 0; i < out.length; i++) out[i]! *= factor;
  });
};

/** Cross entropy between softmax of a query's scores and a randomised distribution of its labels. LightGBM `RankXENDCG`. */
export const rankXendcg: MakeObjective = (params, data) => {
  const queries = data.group?.length ?? 0;
  const randoms = Array.from({ length: queries }, (_, q) => new Random(params.objective_seed + q));
  return byQuery('rank_xendcg', data, (query, label, score, out) => {
    const count = score.length;
    if (count <= 1) return;
    const rho = score.slice();
    softmaxInto(rho);
    const terms = new Float64Array(count);
    let sum = 0;
    for (let i = 0; i < count; i++)
      sum += terms[i] = 2 ** Math.trunc(label[i]!) - randoms[query]!.nextFloat();
    const share = 1 / Math.max(epsilon, sum);
    let first = 0;
    for (let i = 0; i < count; i++) {
      const term = -terms[i]! * share + rho[i]!;
      out[2 * i] = term;
      first += terms[i] = term / (1 - rho[i]!);
    }
    let second = 0;
    for (let i = 0; i < count; i++) {
      const term = rho[i]! * (first - terms[i]!);
      out[2 * i]! += Math.fround(term);
      second += terms[i] = term / (1 - rho[i]!);
    }
    for (let i = 0; i < count; i++) {
      out[2 * i]! += Math.fround(rho[i]! * (second - terms[i]!));
      out[2 * i + 1] = rho[i]! * (1 - rho[i]!);
    }
  });
};
