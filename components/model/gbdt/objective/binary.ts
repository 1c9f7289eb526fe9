import { epsilon } from '../constants.ts';
import { formatG } from '../number-format.ts';
import { type MakeObjective, weightedSum } from './objective.ts';

/** Log loss of labels above 0 against the others, over sigmoid(score). LightGBM `BinaryLogloss`. */
export const binary: MakeObjective = (params, data) => {
  const { label, weight, length } = data;
  const { sigmoid } = params;
  let positive = 0;
  for (let i = 0; i < length; i++) if (label[i]! > 0) positive++;
  const negative = length - positive;
  let positiveWeight = 1;
  let negativeWeight = 1;
  if (params.is_unbalance && positive > 0 && negative > 0) {
    if (positive > negative) negativeWeight = positive / negative;
    else positiveWeight = negative / positive;
  }
  positiveWeight *= params.scale_pos_weight;
  return {
    name: 'binary',
    text: `binary sigmoid:${formatG(sigmoid, 6)}`,
    trees: 1,
    trainable: () => positive > 0 && negative > 0,
    startScore() {
      const { sum, weights } = weightedSum(data, (y) => (y > 0 ? 1 : 0));
      const share = Math.max(Math.min(sum / weights, 1 - epsilon), epsilon);
      return Math.log(share / (1 - share)) / sigmoid;
    },
    gradients(score, pairs, from, to) {
      // of one class there is nothing to learn
      if (positive === 0 || negative === 0) return;
      for (let i = from; i < to; i++) {
        const isPositive = label[i]! > 0;
        const sign = isPositive ? 1 : -1;
        const response = (-sign * sigmoid) / (1 + Math.exp(sign * sigmoid * score[i]!));
        const size = Math.abs(response);
        const scale = isPositive ? positiveWeight : negativeWeight;
        const w = weight === null ? 1 : weight[i]!;
        pairs[2 * i] = response * scale * w;
        pairs[2 * i + 1] = size * (sigmoid - size) * scale * w;
      }
    },
  };
};
