import { type MakeObjective, weightedSum } from './objective.ts';

/** Half the squared error: gradient score - label, hessian 1, both times the weight. LightGBM `RegressionL2loss`. */
export const l2: MakeObjective = (params, data) => {
  const { weight, length } = data;
  const label = params.reg_sqrt ? data.label.map((y) => Math.sign(y) * Math.sqrt(Math.abs(y))) : data.label;
  return {
    name: 'regression',
    text: params.reg_sqrt ? 'regression sqrt' : 'regression',
    trees: 1,
    trainable: () => true,
    startScore() {
      const { sum, weights } = weightedSum({ ...data, label });
      return sum / weights;
    },
    gradients(score, pairs, from, to) {
      if (weight === null) {
        for (let i = from; i < to; i++) {
          pairs[2 * i] = score[i]! - label[i]!;
          pairs[2 * i + 1] = 1;
        }
        return;
      }
      for (let i = from; i < Math.min(to, length); i++) {
        pairs[2 * i] = Math.fround(score[i]! - label[i]!) * weight[i]!;
        pairs[2 * i + 1] = weight[i]!;
      }
    },
  };
};
