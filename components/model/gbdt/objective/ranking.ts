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
  const longest = bounds.reduce((most, end, q) => Math.max(most, end - (bounds[q - 1] ?? 0)), 0);
  const discounts = Float64Array.from({ length: longest }, (_, rank) => discount(rank));
  // by rank: what the pairs of a query look at again and again
  const scores = new Float64Array(longest);
  const labels = new Float32Array(longest);
  const worth = new Float64Array(longest);
  return byQuery('lambdarank', data, (query, label, score, out) => {
    const order = orderOf(score);
    const count = order.length;
    for (let i = 0; i < count; i++) {
      scores[i] = score[order[i]!]!;
      labels[i] = label[order[i]!]!;
      worth[i] = gains[labels[i]!]!;
    }
    const isNormed = norm && scores[0] !== scores[count - 1];
    const share = inverse[query]!;
    let sum = 0;
    for (let i = 0; i < count - 1 && i < truncation; i++) {
      const a = 2 * order[i]!;
      const [scoreA, labelA, worthA, discountA] = [scores[i]!, labels[i]!, worth[i]!, discounts[i]!];
      for (let j = i + 1; j < count; j++) {
        const labelB = labels[j]!;
        if (labelA === labelB) continue;
        const b = 2 * order[j]!;
        const isHigher = labelA > labelB;
        const difference = isHigher ? scoreA - scores[j]! : scores[j]! - scoreA;
        const gained = isHigher ? worthA - worth[j]! : worth[j]! - worthA;
        let delta = gained * Math.abs(discountA - discounts[j]!) * share;
        if (isNormed) delta /= Math.fround(0.01) + Math.abs(difference);
        const p = sigmoidOf(difference);
        const lambda = p * (-sigmoid * delta);
        const hessian = Math.fround(p * (1 - p) * (sigmoid * sigmoid * delta));
        const pull = Math.fround(lambda);
        out[a]! += isHigher ? pull : -pull;
        out[b]! -= isHigher ? pull : -pull;
        out[a + 1]! += hessian;
        out[b + 1]! += hessian;
        sum -= 2 * lambda;
      }
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
