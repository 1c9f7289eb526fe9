import { UserError } from '../../core/errors.ts';
import { expf, logf } from './float-math.ts';
import type { XgbObjective } from './loss.ts';
import type { XgbParams } from './params.ts';

const round = Math.fround;
const least = round(1e-16);
const tiny = round(1e-6);
/** The start of the search for the greatest score, as XGBoost has it: not the least number, but the least above 0. */
const leastNormal = 2 ** -126;

/** Several classes, a score and a tree a round for each: predicts the class of the highest score. Source: XGBoost 3.2 src/objective/multiclass_obj.cu. */
export function softmaxObjective({ objective: name, num_class: classes }: XgbParams): XgbObjective {
  return {
    name,
    json: { name, softmax_multiclass_param: { num_class: String(classes) } },
    classes,
    defaultMetric: 'mlogloss',
    baseScores: (label, weight) => logShares(classes, label, weight),
    margin: (base) => base,
    derive(scores, label, weight, out) {
      const rows = label.length;
      const powers = new Float32Array(classes);
      for (let i = 0; i < rows; i++) {
        const sum = powersInto(scores, i * classes, classes, leastNormal, powers);
        const w = weight ? weight[i]! : 1;
        for (let k = 0; k < classes; k++) {
          const p = round(powers[k]! / sum);
          const at = 2 * (k * rows + i);
          out[at] = (label[i] === k ? round(p - 1) : p) * w;
          out[at + 1] = Math.max(round(round(round(2 * p) * round(1 - p)) * w), least);
        }
      }
    },
    evaluated(scores) {
      const out = new Float32Array(scores.length);
      const powers = new Float32Array(classes);
      for (let at = 0; at < scores.length; at += classes) {
        const sum = powersInto(scores, at, classes, Number.NEGATIVE_INFINITY, powers);
        for (let k = 0; k < classes; k++) out[at + k] = powers[k]! / sum;
      }
      return out;
    },
    predicted(scores) {
      const out = new Float32Array(scores.length / classes);
      for (let i = 0; i < out.length; i++) out[i] = highest(scores, i * classes, classes);
      return out;
    },
  };
}

/** The place of the first of the highest scores of a row. */
export function highest(scores: Float32Array, at: number, classes: number): number {
  let best = 0;
  for (let k = 1; k < classes; k++) if (scores[at + k]! > scores[at + best]!) best = k;
  return best;
}

/** e to the scores of a row less the greatest, which is at least `from`; returns their sum. */
function powersInto(
  scores: Float32Array,
  at: number,
  classes: number,
  from: number,
  out: Float32Array,
): number {
  let most = from;
  for (let k = 0; k < classes; k++) most = Math.max(scores[at + k]!, most);
  let sum = 0;
  for (let k = 0; k < classes; k++) sum += out[k] = expf(round(scores[at + k]! - most));
  return round(sum);
}

/** Logarithms of the classes' shares, less their mean. */
function logShares(classes: number, label: Float32Array, weight: Float32Array | null): Float32Array {
  const out = new Float32Array(classes);
  let weights = 0;
  for (let i = 0; i < label.length; i++) {
    const y = label[i]!;
    if (!(Number.isInteger(y) && y >= 0 && y < classes))
      throw new UserError(`multi:softmax needs whole labels from 0 to ${classes - 1}, there is ${y}`, {
        hint: 'num_class is the number of classes',
        path: ['objective'],
      });
    const w = weight ? weight[i]! : 1;
    out[y]! += w;
    weights += w;
  }
  let mean = 0;
  for (let k = 0; k < classes; k++) {
    out[k] = logf(round(round(out[k]! * (1 / weights)) + tiny));
    mean = round(mean + round(out[k]! / classes));
  }
  return out.map((x) => x - mean);
}
