import type { Definition } from '../components/core/registry.ts';
import { dailyIC } from '../components/eval/ic.ts';
import { longShortPrecision, longShortReturn } from '../components/eval/long-short.ts';
import { averageOf } from '../components/eval/risk.ts';
import { seriesMean, seriesRatio } from '../components/eval/series-figures.ts';
import { pprint } from './codec/format/pprint.ts';
import type { RecordContext, RecordTemplate } from './record.ts';
import { signalFigures } from './sig-ana-record.ts';
import { artifactTemplate } from './template/artifact-template.ts';
import { loadLabels, loadPanel } from './template/load-panel.ts';
import { dailySeries } from './template/tables.ts';

/**
 * What SigAnaRecord reckons, with the precision and return of the best and worst fifth: `ic.pkl`, `ric.pkl`, `long_pre.pkl`, `short_pre.pkl`,
 * `long_short_r.pkl`, `long_avg_r.pkl` below `hg_sig_analysis` (qlib's spelling). Source: qlib `HFSignalRecord`.
 */
export const HFSignalRecord: Definition<RecordTemplate, Record<string, unknown>, RecordContext> = {
  name: 'HFSignalRecord',
  schema: { type: 'object', properties: {}, additionalProperties: false },
  create(_, context) {
    const { recorder } = context;
    return artifactTemplate(context, {
      name: 'HFSignalRecord',
      artifactPath: 'hg_sig_analysis',
      reads: ['pred.pkl', 'label.pkl'],
      writes: ['ic.pkl', 'ric.pkl', 'long_pre.pkl', 'short_pre.pkl', 'long_short_r.pkl', 'long_avg_r.pkl'],
      async generate() {
        const pred = await loadPanel(recorder, 'pred.pkl');
        const panel = await loadLabels(recorder, 0);
        const { metrics, artifacts } = signalFigures(dailyIC(pred, panel));
        const precision = longShortPrecision(pred, panel, { isAlpha: true });
        const { times, longShort, average } = longShortReturn(pred, panel);
        metrics.set('Long precision', averageOf(precision.long));
        metrics.set('Short precision', averageOf(precision.short));
        metrics.set('Long-Short Average Return', seriesMean(longShort));
        metrics.set('Long-Short Average Sharpe', seriesRatio(longShort));
        artifacts.set('long_pre.pkl', dailySeries(precision.times, precision.long, { name: 'label' }));
        artifacts.set('short_pre.pkl', dailySeries(precision.times, precision.short, { name: 'label' }));
        artifacts.set('long_short_r.pkl', dailySeries(times, longShort));
        artifacts.set('long_avg_r.pkl', dailySeries(times, average, { name: 'label' }));
        await recorder.logMetrics(Object.fromEntries(metrics));
        context.print(pprint(metrics));
        return Object.fromEntries(artifacts);
      },
    });
  },
};
