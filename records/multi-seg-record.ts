import { PyFloat } from '../components/core/python.ts';
import type { Definition } from '../components/core/registry.ts';
import { readSegment } from '../components/dataset/time-option.ts';
import type { Dataset } from '../components/dataset/types.ts';
import { dailyIC } from '../components/eval/ic.ts';
import { averageOf, deviationOf } from '../components/eval/risk.ts';
import type { Model } from '../components/model/model.ts';
import type { RecordContext, RecordTemplate } from './record.ts';
import { fromTask, taskPartProperties } from './template/from-task.ts';
import { dailySeries } from './template/tables.ts';

export interface MultiSegRecordOptions {
  readonly model?: Model | null;
  readonly dataset?: Dataset | null;
  /** Segments by the name that results get: a segment of the dataset, or two days. Default: all of the dataset's. */
  readonly segments?: Readonly<Record<string, unknown>> | null;
  readonly save?: boolean;
}

/**
 * Predicts several segments and prints the IC and rank IC of each; with `save`, their series and means in `results-<name>.pkl`.
 * Source: qlib `MultiSegRecord`, whose `segments` and `save` are arguments of `generate`, so that no workflow file can give them there.
 */
export const MultiSegRecord: Definition<RecordTemplate, MultiSegRecordOptions, RecordContext> = {
  name: 'MultiSegRecord',
  schema: {
    type: 'object',
    properties: {
      ...taskPartProperties,
      segments: {
        type: ['object', 'null'],
        description: 'by the name of the result: a segment of the dataset, or [first day, last day]',
        additionalProperties: {
          anyOf: [{ type: 'string' }, { type: 'array', minItems: 2, maxItems: 2, items: { date: true } }],
        },
      },
      save: { type: 'boolean', description: 'keep the results as artifacts results-<name>.pkl' },
    },
    additionalProperties: false,
  },
  create({ model: ownModel, dataset: ownDataset, segments: given, save = false }, context) {
    return {
      artifactPath: '',
      list: () => [],
      async generate() {
        const model = await fromTask(context, 'model', ownModel, 'MultiSegRecord');
        const dataset = await fromTask(context, 'dataset', ownDataset, 'MultiSegRecord');
        const segments = Object.entries(
          given ?? Object.fromEntries([...dataset.segments.keys()].map((k) => [k, k])),
        );
        for (const [name, spec] of segments) {
          const segment = typeof spec === 'string' ? spec : readSegment(spec, ['segments', name]);
          const pred = await model.predict(dataset, segment);
          const label = await dataset.prepare(segment, { colSet: 'label', dataKey: 'raw' });
          const { times, ic, ric } = dailyIC(pred, label);
          printResults(context, name, spec, ic, ric);
          if (!save) continue;
          const results = new Map<string, unknown>([
            ['all-IC', dailySeries(times, ic)],
            ['mean-IC', new PyFloat(averageOf(ic))],
            ['all-Rank-IC', dailySeries(times, ric)],
            ['mean-Rank-IC', new PyFloat(averageOf(ric))],
          ]);
          await context.recorder.saveObjects({ [`results-${name}.pkl`]: results });
        }
      },
    };
  },
};

function printResults(
  { print }: RecordContext,
  name: string,
  segment: unknown,
  ic: Float64Array,
  ric: Float64Array,
): void {
  const shown = typeof segment === 'string' ? segment : JSON.stringify(segment);
  print(`--- Results for ${name} (${shown}) ---`);
  for (const [title, values] of [
    ['IC', ic],
    ['Rank IC', ric],
  ] as const) {
    print(`${title}: ${(averageOf(values) * 100).toFixed(4)}%`);
    print(`${title}IR: ${((averageOf(values) / deviationOf(values)) * 100).toFixed(4)}%`);
  }
}
