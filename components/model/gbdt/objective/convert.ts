/** Turns raw scores into what the objective predicts. `text` is the model file's line `objective=`. */
export function outputOf(text: string): (raw: number) => number {
  const [name = '', ...options] = text.split(' ');
  switch (name) {
    case 'binary':
    case 'multiclassova': {
      const sigmoid = Number(options.find((o) => o.startsWith('sigmoid:'))?.slice(8) ?? 1);
      return (raw) => 1 / (1 + Math.exp(-sigmoid * raw));
    }
    case 'regression':
    case 'regression_l1':
    case 'huber':
    case 'fair':
    case 'quantile':
      return options.includes('sqrt') ? (raw) => Math.sign(raw) * raw * raw : (raw) => raw;
    case 'poisson':
    case 'gamma':
    case 'tweedie':
      return Math.exp;
    case 'cross_entropy':
      return (raw) => 1 / (1 + Math.exp(-raw));
    case 'cross_entropy_lambda':
      return (raw) => Math.log1p(Math.exp(raw));
    default:
      return (raw) => raw;
  }
}
