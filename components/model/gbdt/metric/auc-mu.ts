import { UserError } from '../../../core/errors.ts';
import { epsilon, zeroThreshold } from '../constants.ts';
import type { Params } from '../params/resolve.ts';
import type { MakeMetric } from './metric.ts';

/**
 * The mean over pairs of classes of how well a line between them, given by the weights, parts their rows; rows of equal distance count half.
 * Source: Kleiman, Page 2019; LightGBM `AucMuMetric`. Distances within 1e-15 are equal; where rounding makes chains of them, as with steps of
 * equal size, their order is up to the sort, and LightGBM's figure may differ.
 */
export const aucMu: MakeMetric = (params) => {
  const weights = classWeights(params);
  const classes = params.num_class;
  return {
    name: 'auc_mu',
    maximize: true,
    whole(score, { label, weight, length }) {
      const rows = Array.from({ length: classes }, () => [] as number[]);
      for (let row = 0; row < length; row++) rows[Math.trunc(label[row]!)]!.push(row);
      const weightOf = (row: number) => (weight ? weight[row]! : 1);
      const total = rows.map((own) => own.reduce((sum, row) => sum + weightOf(row), 0));
      let sum = 0;
      for (let i = 0; i < classes; i++)
        for (let j = i + 1; j < classes; j++) {
          const line = weights[i]!.map((w, k) => w - weights[j]![k]!);
          const sign = line[i]! - line[j]!;
          const distance = (row: number) => {
            let value = 0;
            for (let k = 0; k < classes; k++) value += line[k]! * score[length * k + row]!;
            return sign * value;
          };
          const both = [...rows[i]!, ...rows[j]!].map((row) => ({ row, distance: distance(row) }));
          both.sort((a, b) =>
            Math.abs(a.distance - b.distance) < epsilon
              ? label[b.row]! - label[a.row]!
              : a.distance - b.distance,
          );
          sum += areaOf(both, (row) => label[row] === i, weightOf) / total[i]! / total[j]!;
        }
      return (2 * sum) / classes / (classes - 1);
    },
  };
};

function areaOf(
  ordered: readonly { readonly row: number; readonly distance: number }[],
  isFirst: (row: number) => boolean,
  weightOf: (row: number) => number,
): number {
  let area = 0;
  let others = 0;
  let tied = 0;
  let last = 0;
  for (const { row, distance } of ordered) {
    const weight = weightOf(row);
    const same = Math.abs(distance - last) < epsilon;
    if (isFirst(row)) area += weight * (same ? others - 0.5 * tied : others);
    else {
      others += weight;
      tied = same ? tied + weight : weight;
      if (!same) last = distance;
    }
  }
  return area;
}

function classWeights({ auc_mu_weights: given, num_class: classes }: Params): number[][] {
  const path = ['auc_mu_weights'];
  if (given.length > 0 && given.length !== classes * classes)
    throw new UserError(`auc_mu_weights has ${given.length} numbers`, {
      hint: `a matrix of ${classes} classes has ${classes * classes}`,
      path,
    });
  return Array.from({ length: classes }, (_, i) =>
    Array.from({ length: classes }, (_, j) => {
      if (i === j) return 0;
      const weight = given[i * classes + j] ?? 1;
      if (Math.abs(weight) < zeroThreshold)
        throw new UserError('auc_mu_weights has a zero outside of the diagonal', { path });
      return weight;
    }),
  );
}
