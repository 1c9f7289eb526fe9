import { executorInfra } from './infra-properties.ts';
import type { SettleType } from './position.ts';
import type { IndicatorConfig } from './trade-indicator.ts';

/** kwargs that every executor takes. */
export interface ExecutorOptions {
  readonly time_per_step: string;
  readonly indicator_config?: IndicatorConfig;
  readonly generate_portfolio_metrics?: boolean;
  /** Logs a line an order. */
  readonly verbose?: boolean;
  /** qlib yields each decision for reinforcement learning; nothing to us. */
  readonly track_data?: boolean;
  readonly settle_type?: SettleType;
  /** qlib overwrites both with the backtest's. */
  readonly start_time?: unknown;
  readonly end_time?: unknown;
}

const weightMethod = { enum: ['mean', 'amount_weighted', 'value_weighted'] };

/** JSON schema of ExecutorOptions' properties. */
export const executorProperties = {
  ...executorInfra,
  time_per_step: { type: 'string', pattern: '^\\d*([Mm]onth|mon|[Ww]eek|w|[Dd]ay|d|[Mm]inute|min)$' },
  start_time: { anyOf: [{ date: true }, { type: 'null' }] },
  end_time: { anyOf: [{ date: true }, { type: 'null' }] },
  indicator_config: {
    type: ['object', 'null'],
    properties: {
      show_indicator: { type: 'boolean' },
      pa_config: {
        type: 'object',
        properties: {
          agg: { enum: ['twap', 'vwap'] },
          price: { enum: ['deal_price'] },
          weight_method: weightMethod,
        },
        additionalProperties: false,
      },
      ffr_config: {
        type: 'object',
        properties: { weight_method: weightMethod },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  },
  generate_portfolio_metrics: { type: 'boolean' },
  verbose: { type: 'boolean' },
  track_data: { type: 'boolean' },
  settle_type: { enum: ['None', 'cash', null] },
} as const;
