import type { Panel } from '../components/core/panel.ts';
import type { Definition } from '../components/core/registry.ts';
import { dailyIC } from '../components/eval/ic.ts';
import { longShortReturn } from '../components/eval/long-short.ts';
import { averageOf, deviationOf } from '../components/eval/risk.ts';
import { pprint } from './codec/format/pprint.ts';
import type { RecordContext, RecordTemplate } from './record.ts';
import { artifactTemplate } from './template/artifact-template.ts';
import { type Labels, loadLabels, loadPanel } from './template/load-panel.ts';
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
export const SigAnaRecord: Definition<RecordTemplate, SigAnaRecordOptions, RecordContext> = {
  name: 'SigAnaRecord',
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
    const { recorder } = context;
    return artifactTemplate(context, {
      name: 'SigAnaRecord',
      artifactPath: 'sig_analysis',
      reads: ['pred.pkl', 'label.pkl'],
      writes: ['ic.pkl', 'ric.pkl', ...(ana_long_short ? ['long_short_r.pkl', 'long_avg_r.pkl'] : [])],
      skipExisting: skip_existing,
      async generate() {
        const pred = await loadPanel(recorder, 'pred.pkl');
        const label = await loadLabels(recorder, label_col);
        const { metrics, artifacts } = signalFigures(pred, label.panel);
        if (ana_long_short) addLongShort(metrics, artifacts, pred, label, ann_scaler);
        await recorder.logMetrics(Object.fromEntries(metrics));
        context.print(pprint(metrics));
        return Object.fromEntries(artifacts);
      },
    });
  },
};

/** IC and Rank IC by day with their sums-up; what SigAnaRecord and HFSignalRecord share. */
export function signalFigures(
  pred: Panel,
  label: Panel,
): { metrics: Map<string, number>; artifacts: Map<string, unknown> } {
  const { times, ic, ric } = dailyIC(pred, label);
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
  pred: Panel,
  { panel, isSingle }: Labels,
  daysAYear: number,
): void {
  const { times, longShort, average } = longShortReturn(pred, panel);
  for (const [name, values] of [
    ['Long-Short', longShort],
    ['Long-Avg', average],
  ] as const) {
    metrics.set(`${name} Ann Return`, averageOf(values) * daysAYear);
    metrics.set(`${name} Ann Sharpe`, (averageOf(values) / deviationOf(values)) * Math.sqrt(daysAYear));
  }
  artifacts.set('long_short_r.pkl', dailySeries(times, longShort, { isSingle }));
  artifacts.set('long_avg_r.pkl', dailySeries(times, average, { isSingle, name: 'label' }));
}
