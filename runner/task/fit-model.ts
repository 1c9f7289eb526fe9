import type { Context } from '../../components/core/context.ts';
import type { Dataset, Reweighter } from '../../components/dataset/types.ts';
import type { Model } from '../../components/model/model.ts';
import { isMapping } from '../config/spec.ts';
import { HeardLog, sayAgain } from '../kept-models/heard-log.ts';
import type { KeptTraining } from '../kept-models/kept-models.ts';
import { tags } from '../sweep/tags.ts';
import { placedAt } from './placed-at.ts';
import type { TaskRun } from './task-run.ts';

/** Builds and trains the model and keeps what it learned. */
export async function fitModel(run: TaskRun): Promise<{ model: Model; dataset: Dataset }> {
  const { recorder, settings, console, log, hooks, contextFor } = run;
  const { task } = settings;
  const context = contextFor();
  const untrained: Model = await context.build('model', task.model, ['task', 'model']);
  const inBlocks = untrained.readsBlocks && run.blockLimits && task.reweighter === undefined;
  const own = inBlocks ? contextFor({ memory: run.blockLimits }) : context;
  const dataset = await own.build('dataset', await withSharedHandler(run, own), ['task', 'dataset']);
  const reweighter =
    task.reweighter === undefined
      ? undefined
      : await context.build('reweighter', task.reweighter, ['task', 'reweighter']);
  await console.stage(
    'data',
    async () => {
      await placedAt(['task', 'dataset'], task.dataset, () => dataset.setup());
      return dataset.blocks?.();
    },
    {
      result: (blocks) =>
        blocks ? `features in blocks of ${blocks.width} of ${blocks.features.length} columns` : '',
    },
  );
  const model = await trainedModel(run, untrained, dataset, reweighter);
  const stepMetrics = await log.flushMetrics(recorder);
  const { files, ...state } = model.state();
  await recorder.saveObjects({ 'params.pkl': { ...state, files: Object.keys(files) } });
  for (const [name, content] of Object.entries(files)) await recorder.writeArtifact(name, content);
  await recorder.saveObjects({ dataset: task.dataset });
  const learned = dataset.handler.learnedState?.();
  if (learned) await recorder.saveObjects({ 'processors.pkl': learned });
  await hooks.onFitted?.(recorder, stepMetrics);
  return { model, dataset };
}

/** The model, trained, or as an earlier run has trained it of the same config on the same data. */
async function trainedModel(
  { console, hooks, kept, recorder, now, settings, contextFor }: TaskRun,
  model: Model,
  dataset: Dataset,
  reweighter: Reweighter | undefined,
): Promise<Model> {
  const earlier = await kept?.find(contextFor(), new Date(now()));
  const heard = new HeardLog(console);
  await console.stage(
    'fit',
    async () => {
      if (earlier) return sayAgain(earlier.training, console);
      const fit = placedAt(['task', 'model'], settings.task.model, () =>
        model.fit(dataset, { log: kept ? heard : console, reweighter }),
      );
      await (hooks.interrupted ? Promise.race([fit, hooks.interrupted]) : fit);
    },
    { result: () => (earlier ? takenText(earlier.training) : '') },
  );
  if (earlier) {
    await recorder.setTags({ [tags.reusedFrom]: earlier.training.runId });
    return earlier.model;
  }
  const { warnings, metrics } = heard;
  kept?.keep({ state: model.state(), warnings, metrics, runId: recorder.id, at: now() });
  return model;
}

function takenText({ runId, at }: KeptTraining): string {
  const day = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  return `taken from run ${runId.slice(0, 8)} of ${day} UTC: same config, data and version (--retrain trains)`;
}

/** The config of the dataset; with the handler in place that the process has already, where runs share one. */
async function withSharedHandler({ workflow, settings, hooks }: TaskRun, context: Context): Promise<unknown> {
  const { dataset } = settings.task;
  if (!hooks.handler || !isMapping(dataset) || !isMapping(dataset['kwargs'])) return dataset;
  const { kwargs } = dataset;
  const spec = kwargs['handler'];
  if (!isMapping(spec)) return dataset;
  const make = () => context.build('handler', spec, ['task', 'dataset', 'kwargs', 'handler']);
  const handler = await hooks.handler({ workflow, settings }, make);
  return { ...dataset, kwargs: { ...kwargs, handler } };
}
