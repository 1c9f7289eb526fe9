import { softmaxInto } from './softmax.ts';

/** Turns raw scores of rows, `width` numbers each, into what the objective predicts, in place. */
export type Convert = (rows: Float64Array, width: number) => void;

/** How the objective of a model file's line `objective=` predicts; null where raw scores are the prediction. */
export function outputOf(text: string): Convert | null {
  const [name = '', ...options] = text.split(' ');
  switch (name) {
    case 'binary':
    case 'multiclassova': {
      const sigmoid = Number(options.find((o) => o.startsWith('sigmoid:'))?.slice(8) ?? 1);
      return each((raw) => 1 / (1 + Math.exp(-sigmoid * raw)));
    }
    case 'regression':
    case 'regression_l1':
    case 'fair':
    case 'quantile':
    case 'mape':
      return options.includes('sqrt') ? each((raw) => Math.sign(raw) * raw * raw) : null;
    case 'poisson':
    case 'gamma':
    case 'tweedie':
      return each(Math.exp);
    case 'cross_entropy':
      return each((raw) => 1 / (1 + Math.exp(-raw)));
    case 'cross_entropy_lambda':
      return each((raw) => Math.log1p(Math.exp(raw)));
    case 'multiclass':
      return (rows, width) => {
        for (let at = 0; at < rows.length; at += width) softmaxInto(rows.subarray(at, at + width));
      };
    default:
      return null;
  }
}

function each(one: (raw: number) => number): Convert {
  return (rows) => {
    for (let i = 0; i < rows.length; i++) rows[i] = one(rows[i]!);
  };
}
