import {
  bootstrapInterval,
  type Interval,
  meanFigure,
  ratioFigure,
} from '../../components/eval/bootstrap.ts';
import { marketShape, type ReturnShape, returnShape } from '../../components/eval/return-shape.ts';
import { annualSteps, averageOf, type Risk, riskAnalysis } from '../../components/eval/risk.ts';
import {
  deflatedSharpe,
  minTrackRecord,
  probabilisticSharpe,
  sharpeSample,
} from '../../components/eval/sharpe.ts';
import type { PortfolioData } from './data/portfolio.ts';
import type { SignalIC } from './data/signal.ts';

/** The runs of the experiment, this one included: how often it was tried, and what came out. Ratios are a year. */
export interface Trials {
  readonly count: number;
  /** Of the other runs that have them: metrics `1day.sharpe` and qlib's information ratio with cost, by metric name. */
  readonly metrics: ReadonlyMap<string, readonly number[]>;
}

export const noTrials: Trials = { count: 1, metrics: new Map() };

/** A Sharpe ratio a year and how far it can be trusted. */
export interface RatioStatistics {
  readonly ratio: number;
  readonly interval: Interval;
  /** Probability that the true ratio is above 0. */
  readonly probabilistic: number;
  /** Probability that it is above what the best of all trials would show by luck. */
  readonly deflated: number;
  readonly trials: number;
  /** Steps after which 0 is left behind with 95 % confidence. */
  readonly minTrackRecord: number;
  readonly skewness: number;
  readonly kurtosis: number;
}

/** Figures of one series of returns, summed (qlib's) and compounded. */
export interface ReturnFigures {
  readonly name: string;
  readonly summed: Risk;
  readonly compounded: Risk;
  /** Sum of all returns, and product - 1. */
  readonly total: { readonly summed: number; readonly compounded: number };
  readonly shape: ReturnShape;
}

export interface PortfolioStatistics {
  readonly freq: string;
  readonly steps: number;
  readonly figures: readonly ReturnFigures[];
  /** Of the returns after cost. */
  readonly sharpe: RatioStatistics;
  /** Of the returns after cost above the benchmark; undefined without benchmark. */
  readonly information: RatioStatistics | undefined;
  /** After cost, against the benchmark; undefined without one. */
  readonly market: ReturnType<typeof marketShape> | undefined;
  /** Cost as a share of money traded at which the mean return (above the benchmark) is 0. */
  readonly breakEvenCost: number;
  /** What was paid. */
  readonly costRate: number;
}

/** Everything that is reckoned about one level. `trials` says how many runs the best was chosen from; `intervals` those of `ratioSeries`, where they are known. */
export function portfolioStatistics(
  data: PortfolioData,
  trials: Trials,
  intervals: readonly Interval[] = [],
): PortfolioStatistics {
  const steps = annualSteps(data.freq);
  const [net, excess] = ratioSeries(data);
  const before = data.gross.map((r, i) => r - data.bench[i]!);
  const turnover = averageOf(data.turnover);
  const figures = [
    figuresOf('after cost', data.net, data.net, data.freq),
    ...(data.hasBenchmark
      ? [
          figuresOf('excess after cost', excess, relative(data.net, data.bench), data.freq),
          figuresOf('benchmark', data.bench, data.bench, data.freq),
        ]
      : []),
    figuresOf('before cost', data.gross, data.gross, data.freq),
    ...(data.hasBenchmark
      ? [figuresOf('excess before cost', before, relative(data.gross, data.bench), data.freq)]
      : []),
  ];
  const metric = `${data.freq}.excess_return_with_cost.information_ratio`;
  return {
    freq: data.freq,
    steps,
    figures,
    sharpe: ratioStatistics(net, steps, trials, `${data.freq}.sharpe`, intervals[0]),
    information: data.hasBenchmark ? ratioStatistics(excess, steps, trials, metric, intervals[1]) : undefined,
    market: data.hasBenchmark ? marketShape(data.net, data.bench, steps) : undefined,
    breakEvenCost: averageOf(before) / turnover,
    costRate: averageOf(data.cost) / turnover,
  };
}

/** The returns of whose ratio of mean to deviation the report gives an interval: after cost, and of those above the benchmark. */
export function ratioSeries({
  net,
  bench,
}: Pick<PortfolioData, 'net' | 'bench'>): [Float64Array, Float64Array] {
  return [net, net.map((r, i) => r - bench[i]!)];
}

/** Returns of wealth measured in units of the benchmark: (1 + r) / (1 + b) - 1. */
function relative(returns: Float64Array, bench: Float64Array): Float64Array {
  return returns.map((r, i) => (1 + r) / (1 + bench[i]!) - 1);
}

function figuresOf(
  name: string,
  summed: Float64Array,
  compounded: Float64Array,
  freq: string,
): ReturnFigures {
  let [sum, wealth] = [0, 1];
  for (let i = 0; i < summed.length; i++) {
    if (!Number.isNaN(summed[i]!)) sum += summed[i]!;
    if (!Number.isNaN(compounded[i]!)) wealth *= 1 + compounded[i]!;
  }
  return {
    name,
    summed: riskAnalysis(summed, { freq }),
    compounded: riskAnalysis(compounded, { freq, mode: 'product' }),
    total: { summed: sum, compounded: wealth - 1 },
    shape: returnShape(compounded, freq, annualSteps(freq)),
  };
}

function ratioStatistics(
  returns: Float64Array,
  steps: number,
  { count, metrics }: Trials,
  metric: string,
  interval: Interval = bootstrapInterval(returns, ratioFigure),
): RatioStatistics {
  const sample = sharpeSample(returns);
  const year = Math.sqrt(steps);
  const ratios = [sample.ratio * year, ...(metrics.get(metric) ?? [])].filter(Number.isFinite);
  const variance = varianceOf(ratios.map((r) => r / year));
  return {
    ratio: sample.ratio * year,
    interval: { ...interval, low: interval.low * year, high: interval.high * year },
    probabilistic: probabilisticSharpe(sample),
    deflated: deflatedSharpe(sample, { trials: ratios.length > 1 ? count : 1, variance }),
    trials: count,
    minTrackRecord: minTrackRecord(sample),
    skewness: sample.skewness,
    kurtosis: sample.kurtosis,
  };
}

function varianceOf(values: readonly number[]): number {
  const mean = averageOf(values);
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
}

export interface SignalStatistics {
  readonly ic: number;
  readonly icInterval: Interval;
  readonly ric: number;
  readonly ricInterval: Interval;
}

/** Mean ICs with their bootstrap intervals, which may be known already. */
export function signalStatistics(
  { ic, ric }: SignalIC,
  [icInterval, ricInterval]: readonly Interval[] = [],
): SignalStatistics {
  return {
    ic: averageOf(ic),
    icInterval: icInterval ?? bootstrapInterval(ic, meanFigure),
    ric: averageOf(ric),
    ricInterval: ricInterval ?? bootstrapInterval(ric, meanFigure),
  };
}
