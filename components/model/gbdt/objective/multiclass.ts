import { UserError } from '../../../core/errors.ts';
import { epsilon } from '../constants.ts';
import { formatG } from '../number-format.ts';
import { binary } from './binary.ts';
import type { MakeObjective } from './objective.ts';
import { softmaxInto } from './softmax.ts';

/** One tree a class over softmax; hessians are scaled by K / (K - 1). LightGBM `MulticlassSoftmax`. */
export const multiclass: MakeObjective = ({ num_class: classes }, { label, weight, length }) => {
  const bad = label.find((y) => !(Math.trunc(y) >= 0 && Math.trunc(y) < classes));
  if (bad !== undefined)
    throw new UserError(`objective multiclass has the label ${bad}`, {
      hint: `labels must be 0 to ${classes - 1} (num_class is ${classes})`,
      path: ['num_class'],
    });
  const shares = new Float64Array(classes);
  let weights = 0;
  for (let i = 0; i < length; i++) {
    const w = weight ? weight[i]! : 1;
    shares[Math.trunc(label[i]!)]! += w;
    weights += w;
  }
  for (let k = 0; k < classes; k++) shares[k]! /= weights;
  const factor = classes / (classes - 1);
  return {
    name: 'multiclass',
    text: `multiclass num_class:${classes}`,
    trees: classes,
    trainable: (k) => shares[k]! > epsilon && shares[k]! < 1 - epsilon,
    startScore: (k) => Math.log(Math.max(epsilon, shares[k]!)),
    gradients(score, pairs, from, to) {
      const row = new Float64Array(classes);
      for (let i = from; i < to; i++) {
        for (let k = 0; k < classes; k++) row[k] = score[k * length + i]!;
        softmaxInto(row);
        const w = weight ? weight[i]! : 1;
        for (let k = 0; k < classes; k++) {
          const p = row[k]!;
          const at = 2 * (k * length + i);
          pairs[at] = (Math.trunc(label[i]!) === k ? p - 1 : p) * w;
          pairs[at + 1] = factor * p * (1 - p) * w;
        }
      }
    },
  };
};

/** One binary objective a class. LightGBM `MulticlassOVA`. */
export const multiclassOva: MakeObjective = (params, data) => {
  const { num_class: classes, sigmoid } = params;
  const { label, length } = data;
  const each = Array.from({ length: classes }, (_, k) =>
    binary(params, { ...data, label: label.map((y) => (Math.trunc(y) === k ? 1 : 0)) }),
  );
  return {
    name: 'multiclassova',
    text: `multiclassova num_class:${classes} sigmoid:${formatG(sigmoid, 6)}`,
    trees: classes,
    trainable: (k) => each[k]!.trainable(0),
    startScore: (k) => each[k]!.startScore(0),
    gradients(score, pairs, from, to) {
      for (const [k, one] of each.entries())
        one.gradients(
          score.subarray(k * length, (k + 1) * length),
          pairs.subarray(2 * k * length, 2 * (k + 1) * length),
          from,
          to,
        );
    },
  };
};
