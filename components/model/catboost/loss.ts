/** A loss of raw values: its negative gradient, its second derivative and its figure. */
export interface CatLoss {
  gradient(value: number, label: number): number;
  hessian(value: number, label: number): number;
  /** Score to start from, with boost_from_average. */
  start(label: Float32Array, weight: Float32Array | null): number;
  loss(value: number, label: number): number;
  finish(mean: number): number;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** The mean as CatBoost holds it: summed in float64, kept in float32. */
function weightedMean(label: Float32Array, weight: Float32Array | null): number {
  let sum = 0;
  let weights = 0;
  for (let i = 0; i < label.length; i++) {
    const w = weight ? weight[i]! : 1;
    sum += w * label[i]!;
    weights += w;
  }
  return Math.fround(sum / weights);
}

export const catLosses: Readonly<Record<'RMSE' | 'Logloss', CatLoss>> = {
  RMSE: {
    gradient: (value, label) => label - value,
    hessian: () => 1,
    start: weightedMean,
    loss: (value, label) => (value - label) ** 2,
    finish: Math.sqrt,
  },
  Logloss: {
    gradient: (value, label) => label - sigmoid(value),
    hessian(value) {
      const p = sigmoid(value);
      return p * (1 - p);
    },
    start(label, weight) {
      // log(p / (1 - p)), rounded as CatBoost does
      return -Math.log(1 / weightedMean(label, weight) - 1);
    },
    loss: (value, label) => Math.log1p(Math.exp(-Math.abs(value))) + Math.max(value, 0) - label * value,
    finish: (mean) => mean,
  },
};
