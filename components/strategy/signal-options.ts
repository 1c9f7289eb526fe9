import { strategyInfra } from '../backtest/infra-properties.ts';

/** kwargs of every strategy that trades by scores. */
export interface SignalStrategyOptions {
  /** Scores, a pair [model, dataset], a class, a file or an expression. */
  readonly signal?: unknown;
  /** With `dataset`: an older way to say `signal: [model, dataset]`. */
  readonly model?: unknown;
  readonly dataset?: unknown;
  /** Share of the value that is invested. Default 0.95. */
  readonly risk_degree?: number;
}

/** JSON schema of SignalStrategyOptions' properties. */
export const signalProperties = {
  ...strategyInfra,
  signal: {},
  model: {},
  dataset: {},
  risk_degree: { type: 'number', minimum: 0, maximum: 1 },
} as const;

/** What a `signal` may be, for messages. */
export const signalForms =
  'allowed: scores (<PRED>), a pair [<MODEL>, <DATASET>], an expression, a .csv file, or class and module_path of a signal of your own';

/** The signal that the kwargs name, in either way. */
export function signalOf({ signal, model, dataset }: SignalStrategyOptions): unknown {
  return model !== undefined && model !== null && dataset !== undefined && dataset !== null
    ? [model, dataset]
    : signal;
}
