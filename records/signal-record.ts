import { UserError } from '../components/core/errors.ts';
import { denseColumn, denseValues, type Panel } from '../components/core/panel.ts';
import type { Definition } from '../components/core/registry.ts';
import { panelToTable, type Table } from '../components/core/table.ts';
import type { Dataset } from '../components/dataset/types.ts';
import type { Model } from '../components/model/model.ts';
import { pprint } from './codec/format/pprint.ts';
import type { RecordContext, RecordTemplate } from './record.ts';
import { busyWith } from './template/busy-with.ts';
import { fromTask, taskPartProperties } from './template/from-task.ts';

export interface SignalRecordOptions {
  /** Default: the model and dataset of the task. */
  readonly model?: Model | null;
  readonly dataset?: Dataset | null;
}

/** Predicts the test segment: `pred.pkl` with a column `score`, `label.pkl` with the raw labels; prints the first rows. Source: qlib `SignalRecord`. */
export const SignalRecord: Definition<RecordTemplate, SignalRecordOptions, RecordContext> = {
  name: 'SignalRecord',
  schema: {
    type: 'object',
    properties: taskPartProperties,
    additionalProperties: false,
  },
  create({ model: ownModel, dataset: ownDataset }, context) {
    return {
      artifactPath: '',
      list: () => ['pred.pkl', 'label.pkl'],
      // the threads hash the data meanwhile
      generate: () => busyWith(context, () => signal(context, ownModel, ownDataset)),
    };
  },
};

async function signal(
  context: RecordContext,
  ownModel: SignalRecordOptions['model'],
  ownDataset: SignalRecordOptions['dataset'],
): Promise<void> {
  const model = await fromTask(context, 'model', ownModel, 'SignalRecord');
  const dataset = await fromTask(context, 'dataset', ownDataset, 'SignalRecord');
  const pred = scoreColumn(await model.predict(dataset));
  await save(context, 'pred.pkl', panelToTable(pred));
  const { class: modelName } = model.state();
  context.print(pprint(`The following are prediction results of the ${modelName} model.`));
  context.print(pprint(panelToTable(pred.slice(0, 5))));
  await save(context, 'label.pkl', await rawLabels(dataset, context));
}

/** Saves a table, and keeps it for the records that read it next. */
async function save({ recorder, runWork }: RecordContext, name: string, table: Table | null): Promise<void> {
  await recorder.saveObjects({ [name]: table });
  if (table) await runWork?.keep(name, table);
}

function scoreColumn(pred: Panel): Panel {
  const [column] = pred.columns;
  if (!column) throw new UserError('the model predicted no column');
  return pred.withColumns([denseColumn(null, 'score', denseValues(column))]);
}

/** The labels as loaded, without their group; null where the handler keeps no raw view, as qlib saves None then. */
async function rawLabels(dataset: Dataset, { log }: RecordContext): Promise<Table | null> {
  try {
    const labels = await dataset.prepare('test', { colSet: 'label', dataKey: 'raw' });
    return panelToTable(labels.withColumns(labels.columns.map((c) => ({ ...c, group: null }))));
  } catch (error) {
    if (!(error instanceof UserError) || error.path.at(-1) !== 'drop_raw') throw error;
    log.warn(`no labels are saved: ${error.problem}`);
    return null;
  }
}
