import type { DailyIC } from '../components/eval/ic.ts';
import type { LongShortReturn } from '../components/eval/long-short.ts';
import { averageOf, deviationOf } from '../components/eval/risk.ts';
import { seriesMean, seriesRatio } from '../components/eval/series-figures.ts';
import { pprint } from './codec/format/pprint.ts';
import type { RecordDefinition } from './record.ts';
import { artifactTemplate } from './template/artifact-template.ts';
import { RunWork } from './template/run-work.ts';
import { dailySeries } from './template/tables.ts';

export interface SigAnaRecordOptions {
  /** Returns of the best and worst fifth as well. */
  readonly ana_long_short?: boolean;
  /** Days a year. */
  readonly ann_scaler?: number;
  /** Position of the label's column in label.pkl. */
  readonly label_col?: number;
  readonly skip_existing?: boolean;
}

/**
 * Information coefficients of the saved signal by day, and their mean / standard deviation: `sig_analysis/ic.pkl`, `ric.pkl`, metrics IC, ICIR,
 * Rank IC, Rank ICIR; with `ana_long_short` the returns of the best and worst fifth. Source: qlib `SigAnaRecord`.
 */
export const SigAnaRecord: RecordDefinition<SigAnaRecordOptions> = {
  name: 'SigAnaRecord',
  beginsEarly: true,
  schema: {
    type: 'object',
    properties: {
      ana_long_short: { type: 'boolean', description: 'returns of the best and worst fifth as well' },
      ann_scaler: { type: 'number', exclusiveMinimum: 0, description: 'days a year' },
      label_col: { type: 'integer', description: 'position of the label among the columns of label.pkl' },
      skip_existing: { type: 'boolean' },
    },
    additionalProperties: false,
  },
  create({ ana_long_short = false, ann_scaler = 252, label_col = 0, skip_existing = false }, context) {
    const { recorder, pool } = context;
    const saved = context.runWork ?? new RunWork(recorder, pool);
    return artifactTemplate(context, {
      name: 'SigAnaRecord',
      artifactPath: 'sig_analysis',
      reads: ['pred.pkl', 'label.pkl'],
      writes: ['ic.pkl', 'ric.pkl', ...(ana_long_short ? ['long_short_r.pkl', 'long_avg_r.pkl'] : [])],
      skipExisting: skip_existing,
      async work() {
        await saved.pred();
        await saved.labels(label_col);
        return saved.analysis(label_col, ana_long_short);
      },
      async generate({ ics, longShort }) {
        const { metrics, artifacts } = signalFigures(ics);
        if (longShort) addLongShort(metrics, artifacts, longShort, ann_scaler);
        await recorder.logMetrics(Object.fromEntries(metrics));
        context.print(pprint(metrics));
        return Object.fromEntries(artifacts);
      },
    });
  },
};

/** IC and Rank IC by day with their sums-up; what SigAnaRecord and HFSignalRecord share. */
export function signalFigures({ times, ic, ric }: DailyIC): {
  metrics: Map<string, number>;
  artifacts: Map<string, unknown>;
} {
  return {
    metrics: new Map([
      ['IC', averageOf(ic)],
      ['ICIR', averageOf(ic) / deviationOf(ic)],
      ['Rank IC', averageOf(ric)],
      ['Rank ICIR', averageOf(ric) / deviationOf(ric)],
    ]),
    artifacts: new Map([
      ['ic.pkl', dailySeries(times, ic)],
      ['ric.pkl', dailySeries(times, ric)],
    ]),
  };
}

function addLongShort(
  metrics: Map<string, number>,
  artifacts: Map<string, unknown>,
  { times, longShort, average }: LongShortReturn,
  daysAYear: number,
): void {
  for (const [name, values] of [
    ['Long-Short', longShort],
    ['Long-Avg', average],
  ] as const) {
    metrics.set(`${name} Ann Return`, seriesMean(values) * daysAYear);
    metrics.set(`${name} Ann Sharpe`, seriesRatio(values) * Math.sqrt(daysAYear));
  }
  artifacts.set('long_short_r.pkl', dailySeries(times, longShort));
  artifacts.set('long_avg_r.pkl', dailySeries(times, average, { name: 'label' }));
}
