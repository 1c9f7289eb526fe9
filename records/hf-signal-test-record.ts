import { denseValues, type Panel } from '../components/core/panel.ts';
import { PyFloat } from '../components/core/python.ts';
import type { Definition } from '../components/core/registry.ts';
import type { Dataset } from '../components/dataset/types.ts';
import { hfSignalTest } from '../components/eval/hf-signal-test.ts';
import type { Model } from '../components/model/model.ts';
import { oneLabel } from '../components/model/training-data.ts';
import { pprint } from './codec/format/pprint.ts';
import type { RecordContext, RecordTemplate } from './record.ts';
import { fromTask, taskPartProperties } from './template/from-task.ts';

export interface HFSignalTestRecordOptions {
  readonly model?: Model | null;
  readonly dataset?: Dataset | null;
  /** Share of the instruments at either end. */
  readonly threshold?: number;
}

/**
 * How well the model's scores part the instruments of each time of the segment test (see `hfSignalTest`), of the rows that lack no feature and no label: four metrics, printed too.
 * In qlib a method that scripts call, `HFLGBModel.hf_signal_test` (which no pandas from 2 on runs); here a record, for every model.
 */
export const HFSignalTestRecord: Definition<RecordTemplate, HFSignalTestRecordOptions, RecordContext> = {
  name: 'HFSignalTestRecord',
  schema: {
    type: 'object',
    properties: {
      ...taskPartProperties,
      threshold: { type: 'number', exclusiveMinimum: 0, maximum: 0.5 },
    },
    additionalProperties: false,
  },
  create({ model: ownModel, dataset: ownDataset, threshold = 0.2 }, context) {
    return {
      artifactPath: '',
      list: () => [],
      async generate() {
        const model = await fromTask(context, 'model', ownModel, 'HFSignalTestRecord');
        const dataset = await fromTask(context, 'dataset', ownDataset, 'HFSignalTestRecord');
        const panel = await dataset.prepare('test', { colSet: ['feature', 'label'], dataKey: 'infer' });
        const pred = await model.predict(dataset, 'test');
        const score = denseValues(pred.columns[0]!);
        const rows = wholeRows(panel);
        const whole = panel.take(rows);
        const label = oneLabel(whole, 'test', 'HFSignalTestRecord');
        const test = hfSignalTest(
          whole.index,
          Float64Array.from(rows, (row) => score[row]!),
          label,
          threshold,
        );
        if (test.leftOut > 0)
          context.log.warn(
            `HFSignalTestRecord: ${test.leftOut} of ${whole.index.times.length} times are left out, with fewer than 10 instruments in ${threshold} of all`,
          );
        const metrics = {
          'Positive precision': test.positivePrecision,
          'Negative precision': test.negativePrecision,
          'Positive average alpha': test.positiveAlpha,
          'Negative average alpha': test.negativeAlpha,
        };
        await context.recorder.logMetrics(metrics);
        context.print(pprint(new Map(Object.entries(metrics).map(([name, x]) => [name, new PyFloat(x)]))));
      },
    };
  },
};

/** Rows without NaN: pandas `dropna`. */
function wholeRows({ columns, length }: Panel): Uint32Array {
  const has = new Uint8Array(length).fill(1);
  for (const { values, rows } of columns)
    for (let i = 0; i < length; i++) if (Number.isNaN(values[rows ? rows[i]! : i]!)) has[i] = 0;
  return Uint32Array.from(has.keys()).filter((row) => has[row] === 1);
}
