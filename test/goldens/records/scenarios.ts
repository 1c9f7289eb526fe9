import { denseColumn, denseValues } from '../../../components/core/panel.ts';
import { panelToTable } from '../../../components/core/table.ts';
import type { Dataset } from '../../../components/dataset/types.ts';
import type { RecordContext } from '../../../records/record.ts';
import { formulaModel } from './formula-model.ts';

/** goldens/backtest/records/config.json */
export interface ScenarioConfig {
  readonly dataset: unknown;
  readonly port_config: { readonly strategy: unknown; readonly backtest: Readonly<Record<string, unknown>> };
  readonly nested_executor: unknown;
}

export interface Stage {
  readonly context: RecordContext;
  readonly dataset: Dataset;
  readonly config: ScenarioConfig;
  /** Makes and runs a record. */
  record(name: string, kwargs?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Runs without keeping what is printed. */
  quietly(work: () => Promise<void>): Promise<void>;
}

type Scenario = (stage: Stage) => Promise<void>;

const afterSignal =
  (name: string, kwargs: (stage: Stage) => Record<string, unknown>): Scenario =>
  async (stage) => {
    await stage.quietly(() => stage.record('SignalRecord'));
    await stage.record(name, kwargs(stage));
  };

const port = ({ config }: Stage) => ({ config: config.port_config });
const withExecutor = ({ config }: Stage, executor: unknown) => ({
  config: { ...config.port_config, executor },
});

/** The scenarios of scripts/backtest/record_cases.py. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  signal: ({ record }) => record('SignalRecord'),
  sigana_no_signal: ({ record }) => record('SigAnaRecord'),
  signal_sigana: afterSignal('SigAnaRecord', () => ({})),
  signal_sigana_long_short: afterSignal('SigAnaRecord', () => ({ ana_long_short: true, ann_scaler: 252 })),
  signal_sigana_scaler_50: afterSignal('SigAnaRecord', () => ({ ana_long_short: true, ann_scaler: 50 })),
  async sigana_skip_existing({ record }) {
    await record('SignalRecord');
    await record('SigAnaRecord');
    await record('SigAnaRecord', { skip_existing: true });
  },
  async sigana_label_none({ context, dataset, record }) {
    const pred = panelToTable(await formulaModel.predict(dataset));
    await context.recorder.saveObjects({ 'pred.pkl': pred, 'label.pkl': null });
    await record('SigAnaRecord');
  },
  hf_signal: afterSignal('HFSignalRecord', () => ({})),
  port_daily: afterSignal('PortAnaRecord', port),
  port_no_signal: (stage) => stage.record('PortAnaRecord', port(stage)),
  port_freq_lists: afterSignal('PortAnaRecord', (stage) => ({
    ...port(stage),
    risk_analysis_freq: ['day', 'week'],
    indicator_analysis_freq: ['1day', 'month'],
  })),
  port_freq_str_value_weighted: afterSignal('PortAnaRecord', (stage) => ({
    ...port(stage),
    risk_analysis_freq: 'day',
    indicator_analysis_freq: 'day',
    indicator_analysis_method: 'value_weighted',
  })),
  port_nested_week_day: afterSignal('PortAnaRecord', (stage) => ({
    ...withExecutor(stage, stage.config.nested_executor),
    risk_analysis_freq: ['week', 'day'],
    indicator_analysis_freq: ['week', 'day'],
  })),
  port_dates_none: afterSignal('PortAnaRecord', ({ config: { port_config } }) => ({
    config: { ...port_config, backtest: { ...port_config.backtest, start_time: null, end_time: null } },
  })),
  port_no_metrics: afterSignal('PortAnaRecord', (stage) =>
    withExecutor(stage, {
      class: 'SimulatorExecutor',
      module_path: 'qlib.backtest.executor',
      kwargs: { time_per_step: 'day' },
    }),
  ),
  port_default_config: afterSignal('PortAnaRecord', () => ({})),
  multi_pass_no_shuffle: afterSignal('MultiPassPortAnaRecord', (stage) => ({
    ...port(stage),
    pass_num: 3,
    shuffle_init_score: false,
  })),
  multi_pass_shuffle_seed0: afterSignal('MultiPassPortAnaRecord', (stage) => ({
    ...port(stage),
    pass_num: 3,
  })),
  /** The label is an argument of generate() in Python; here it is what label.pkl holds. */
  async sigana_label_argument({ context, record }) {
    await record('SignalRecord');
    const dataset = context.dataset!;
    const raw = await dataset.prepare('test', { colSet: 'label', dataKey: 'raw' });
    const scaled = raw.columns.map((c) =>
      denseColumn(
        null,
        c.name,
        Float64Array.from(denseValues(c), (x) => x * 2 + 1),
      ),
    );
    await context.recorder.saveObjects({ 'label.pkl': panelToTable(raw.withColumns(scaled)) });
    await record('SigAnaRecord');
  },
};

/** Where qlib leaves a record out with a warning, ours is an error: input is missing. */
export const refused: Readonly<Record<string, string>> = {
  sigana_no_signal: 'SigAnaRecord reads "pred.pkl", which the run does not have',
  port_no_signal: 'PortAnaRecord reads "pred.pkl", which the run does not have',
  sigana_label_none: 'artifact "label.pkl" holds no table by (datetime, instrument)',
};
