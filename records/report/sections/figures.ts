import { table } from '../chart/tables.ts';
import { basisPoints, decimal, percent, whole } from '../format.ts';
import { type Content, type Html, html } from '../html.ts';
import type { PortfolioStatistics, RatioStatistics, ReturnFigures } from '../statistics.ts';

/** Summed and compounded figures side by side, then what is to be thought of them. */
export function figuresSection(statistics: PortfolioStatistics): Html {
  const { figures, steps } = statistics;
  const row = (label: string, of: (f: ReturnFigures) => string): Content[] => [label, ...figures.map(of)];
  const part = (label: string): Content[] => [label, ...figures.map(() => '')];
  return html`${table({
    title: 'Return and risk',
    note: `A year has ${decimal(steps, 0)} steps, as in qlib. "Summed" is qlib's way: returns are added up; "compounded" multiplies them, and reckons excess as wealth in units of the benchmark.`,
    head: ['', ...figures.map((f) => f.name)],
    rows: [
      part("summed (qlib's)"),
      row('return in all', (f) => percent(f.total.summed)),
      row('annualized return', (f) => percent(f.summed.annualized_return)),
      row('information ratio', (f) => decimal(f.summed.information_ratio)),
      row('max drawdown', (f) => percent(f.summed.max_drawdown)),
      part('compounded'),
      row('return in all', (f) => percent(f.total.compounded)),
      row('annualized return', (f) => percent(f.compounded.annualized_return)),
      row('ratio', (f) => decimal(f.compounded.information_ratio)),
      row('max drawdown', (f) => percent(f.compounded.max_drawdown)),
      part('spread'),
      row('deviation a step', (f) => percent(f.summed.std, 2)),
      row('deviation a year', (f) => percent(f.summed.std * Math.sqrt(steps))),
      row('steps that gain', (f) => percent(f.shape.winRate)),
      row('best step', (f) => percent(f.shape.best, 2)),
      row('worst step', (f) => percent(f.shape.worst, 2)),
      row('worst 5 % begin at', (f) => percent(f.shape.valueAtRisk, 2)),
      row('mean of the worst 5 %', (f) => percent(f.shape.expectedShortfall, 2)),
      row('Sortino ratio', (f) => decimal(f.shape.sortino)),
      row('Calmar ratio', (f) => decimal(f.shape.calmar)),
      row('longest drawdown, steps', (f) => whole(f.shape.longestDrawdown)),
    ],
  })}${
    statistics.market &&
    html`<p>${`After cost, beta to the benchmark ${decimal(statistics.market.beta)}, correlation ${decimal(statistics.market.correlation)}, tracking error ${percent(statistics.market.trackingError)} a year.`}</p>`
  }${table({
    title: 'How far the ratios can be trusted',
    head: ['', 'after cost', ...(statistics.information ? ['excess after cost'] : [])],
    rows: trustRows(statistics),
  })}`;
}

function trustRows({
  sharpe,
  information,
  steps,
  breakEvenCost,
  costRate,
}: PortfolioStatistics): Content[][] {
  const both = [sharpe, ...(information ? [information] : [])];
  const row = (label: string, of: (r: RatioStatistics) => string, text: string): Content[] => [
    explained(label, text),
    ...both.map(of),
  ];
  return [
    row('Sharpe ratio a year', (r) => decimal(r.ratio), 'mean / deviation × √steps, no interest taken off'),
    row(
      '95 % interval',
      (r) => `${decimal(r.interval.low)} to ${decimal(r.interval.high)}`,
      `stationary bootstrap, ${sharpe.interval.resamples} resamples in blocks of ${decimal(sharpe.interval.meanBlock, 1)} steps on average (Politis and Romano 1994)`,
    ),
    row(
      'probabilistic',
      (r) => percent(r.probabilistic),
      'probability that the true ratio is above 0, skewness and fat tails counted (Bailey and López de Prado 2012)',
    ),
    row(
      'deflated',
      (r) => percent(r.deflated),
      sharpe.trials > 1
        ? `probability that it is above the best that ${sharpe.trials} runs of this experiment would show by luck (Bailey and López de Prado 2014)`
        : 'the same as probabilistic: this is the only run of the experiment (Bailey and López de Prado 2014)',
    ),
    row(
      'minimum track record',
      (r) => (Number.isFinite(r.minTrackRecord) ? `${whole(r.minTrackRecord)} steps` : '∞'),
      `steps after which a ratio like this is told from 0 with 95 % confidence; a year has ${decimal(steps, 0)}`,
    ),
    row(
      'skewness, kurtosis',
      (r) => `${decimal(r.skewness)}, ${decimal(r.kurtosis)}`,
      'of the returns of a step; 0 and 3 for a normal distribution',
    ),
    [
      explained(
        'break-even cost',
        `cost per money traded at which the mean ${information ? 'excess ' : ''}return is 0; paid: ${basisPoints(costRate)}`,
      ),
      ...(information ? [''] : []),
      basisPoints(breakEvenCost),
    ],
  ];
}

function explained(label: string, text: string): Html {
  return html`${label}<small>${text}</small>`;
}
