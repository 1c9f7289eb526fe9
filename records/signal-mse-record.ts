import { UserError } from '../components/core/errors.ts';
import { denseValues } from '../components/core/panel.ts';
import { PyFloat } from '../components/core/python.ts';
import type { Definition } from '../components/core/registry.ts';
import { pairsByDay } from '../components/eval/pairs-by-day.ts';
import { pprint } from './codec/format/pprint.ts';
import type { RecordContext, RecordTemplate } from './record.ts';
import { artifactTemplate } from './template/artifact-template.ts';
import { loadLabels, loadPanel } from './template/load-panel.ts';

export interface SignalMseRecordOptions {
  readonly skip_existing?: boolean;
}

/**
 * Mean squared error of the saved scores against the first label, and its root: metrics MSE, RMSE, `sig_analysis/mse.pkl`, `rmse.pkl`. Rows without
 * a label are left out. Reckoned in double precision; qlib's is float32 where scores and labels are. Source: qlib `SignalMseRecord`.
 */
export const SignalMseRecord: Definition<RecordTemplate, SignalMseRecordOptions, RecordContext> = {
  name: 'SignalMseRecord',
  schema: {
    type: 'object',
    properties: { skip_existing: { type: 'boolean' } },
    additionalProperties: false,
  },
  create({ skip_existing = false }, context) {
    return artifactTemplate(context, {
      name: 'SignalMseRecord',
      artifactPath: 'sig_analysis',
      reads: ['pred.pkl', 'label.pkl'],
      writes: ['mse.pkl', 'rmse.pkl'],
      skipExisting: skip_existing,
      async generate() {
        const pred = await loadPanel(context.recorder, 'pred.pkl');
        const label = await loadLabels(context.recorder, 0);
        if (pred.columns[0] && denseValues(pred.columns[0]).some(Number.isNaN))
          throw new UserError('some scores in pred.pkl are NaN: they have no squared error', {
            hint: 'let the model predict a score for every row',
          });
        let [sum, count] = [0, 0];
        for (const day of pairsByDay(pred, label))
          for (let i = 0; i < day.pred.length; i++) {
            const error = day.pred[i]! - day.label[i]!;
            if (Number.isNaN(error)) continue;
            sum += error * error;
            count++;
          }
        const metrics = { MSE: sum / count, RMSE: Math.sqrt(sum / count) };
        await context.recorder.logMetrics(metrics);
        context.print(
          `The evaluation results in SignalMseRecord is ${pprint(new Map(Object.entries(metrics)))}`,
        );
        return { 'mse.pkl': new PyFloat(metrics.MSE), 'rmse.pkl': new PyFloat(metrics.RMSE) };
      },
    });
  },
};
