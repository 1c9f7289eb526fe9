import type { BacktestOptions } from '../../components/backtest/run.ts';
import { backtestSchema } from '../../components/backtest/schema.ts';
import type { IndicatorMethod } from '../../components/eval/indicator.ts';

/** `config` of PortAnaRecord: what is run. */
export interface PortConfig {
  readonly strategy: unknown;
  readonly executor?: unknown;
  readonly backtest: Omit<BacktestOptions, 'strategy' | 'executor'>;
}

export interface PortAnaRecordOptions {
  readonly config?: PortConfig | null;
  readonly risk_analysis_freq?: string | readonly string[] | null;
  readonly indicator_analysis_freq?: string | readonly string[] | null;
  readonly indicator_analysis_method?: IndicatorMethod | null;
  readonly skip_existing?: boolean;
}

const freqs = {
  anyOf: [
    { type: 'string', minLength: 1 },
    { type: 'array', items: { type: 'string', minLength: 1 } },
    { type: 'null' },
  ],
};

/** Properties of PortAnaRecord's kwargs. */
export const portAnaProperties = {
  config: {
    anyOf: [
      {
        type: 'object',
        properties: {
          strategy: { component: 'strategy', description: 'decides what to trade' },
          executor: { component: 'executor', description: 'default: a SimulatorExecutor of daily steps' },
          backtest: backtestSchema,
        },
        required: ['strategy', 'backtest'],
        additionalProperties: false,
      },
      { type: 'null' },
    ],
  },
  risk_analysis_freq: {
    ...freqs,
    description: 'levels whose returns are analysed; default: the outermost with portfolio metrics',
  },
  indicator_analysis_freq: { ...freqs, description: 'levels whose trade indicators are analysed' },
  indicator_analysis_method: { enum: ['mean', 'amount_weighted', 'value_weighted', null] },
  skip_existing: { type: 'boolean' },
} as const;

const defaultExecutor = {
  class: 'SimulatorExecutor',
  module_path: 'qlib.backtest.executor',
  kwargs: { time_per_step: 'day', generate_portfolio_metrics: true },
};

/** qlib's own, for China's market. */
const defaultConfig: PortConfig = {
  strategy: {
    class: 'TopkDropoutStrategy',
    module_path: 'qlib.contrib.strategy',
    kwargs: { signal: '<PRED>', topk: 50, n_drop: 5 },
  },
  backtest: {
    start_time: null,
    end_time: null,
    account: 100_000_000,
    benchmark: 'SH000300',
    exchange_kwargs: {
      limit_threshold: 0.095,
      deal_price: 'close',
      open_cost: 0.0005,
      close_cost: 0.0015,
      min_cost: 5,
    },
  },
};

/** The config with qlib's defaults filled in. */
export function fullConfig(given: PortConfig | null | undefined): Required<PortConfig> {
  const config = given ?? defaultConfig;
  return { ...config, executor: config.executor ?? defaultExecutor };
}
