import { pathToFileURL } from 'node:url';
import { parentPort } from 'node:worker_threads';
import { UserError } from './core/errors.ts';
import { builtFile } from './core/package-root.ts';

/** A task of the worker pool: gets its payload, may report on the way, returns a structured-cloneable result. */
export type WorkerTask = (payload: never, report: (message: unknown) => void) => unknown | Promise<unknown>;

/** The tasks that worker threads know, each loaded when first asked for. */
const tasks: Readonly<Record<string, () => Promise<WorkerTask>>> = {
  features: () => import('./data/features-task.ts').then((m) => m.featuresTask),
  'packed-fingerprint': () => import('./data/packed-fingerprint.ts').then((m) => m.packedFingerprint),
  fingerprint: () => import('./data/fingerprint-task.ts').then((m) => m.fingerprintTask),
  'cache-write': () => import('./data/cache/columns-task.ts').then((m) => m.cacheWriteTask),
  'cache-read': () => import('./data/cache/columns-task.ts').then((m) => m.cacheReadTask),
  'cache-content': () => import('./data/cache/content.ts').then((m) => m.cacheContentTask),
  'import-stage': () => import('./data/import/stage-task.ts').then((m) => m.stageTask),
  'import-write': () => import('./data/import/write-task.ts').then((m) => m.writeTask),
  'collect-garbage': () => import('./core/collect-garbage.ts').then((m) => m.collectGarbage),
  'profile-start': () => import('./core/thread-profile.ts').then((m) => m.startThreadProfile),
  'profile-stop': () => import('./core/thread-profile.ts').then((m) => m.stopThreadProfile),
  'score-figures': () => import('./eval/on-threads.ts').then((m) => m.scoreFiguresTask),
  'signal-analysis': () => import('./eval/on-threads.ts').then((m) => m.signalAnalysisTask),
  intervals: () => import('./eval/on-threads.ts').then((m) => m.intervalsTask),
  'cost-surface': () => import('./eval/on-threads.ts').then((m) => m.costSurfaceTask),
  'gbdt-train': () => import('./model/gbdt/engine/train-task.ts').then((m) => m.runThread),
  'xgb-train': () => import('./model/xgb/train.ts').then((m) => m.xgbTask),
  'xgb-cuts': () => import('./model/xgb/train.ts').then((m) => m.cutsTask),
  'catboost-borders': () => import('./model/catboost/train.ts').then((m) => m.bordersTask),
  'catboost-train': () => import('./model/catboost/train.ts').then((m) => m.catTask),
  'gbdt-bin': () => import('./model/gbdt/engine/bin-column.ts').then((m) => m.binColumns),
  'double-ensemble-leaves': () => import('./model/double-ensemble/leaf-table.ts').then((m) => m.fillLeaves),
  'double-ensemble-importance': () =>
    import('./model/double-ensemble/importance-task.ts').then((m) => m.importanceTask),
  'gbdt-predict': () => import('./model/gbdt/predict-together.ts').then((m) => m.predictPart),
};

/** A task of this layer by its name, one of a layer above by `FILE#EXPORT` of the build output. */
async function taskOf(task: string): Promise<WorkerTask> {
  const load = Object.hasOwn(tasks, task) ? tasks[task] : undefined;
  if (load) return load();
  const [file, name] = task.split('#');
  if (name === undefined) throw new Error(`no worker task "${task}"`);
  const module = (await import(pathToFileURL(builtFile(file!)).href)) as Record<string, WorkerTask>;
  if (!Object.hasOwn(module, name)) throw new Error(`no worker task "${task}"`);
  return module[name]!;
}

parentPort?.on('message', async ({ id, task, payload }: { id: number; task: string; payload: never }) => {
  try {
    const run = await taskOf(task);
    const result = await run(payload, (report) => parentPort!.postMessage({ id, report }));
    parentPort!.postMessage({ id, result });
  } catch (error) {
    // a structured clone of a UserError is a plain Error
    if (error instanceof UserError)
      parentPort!.postMessage({
        id,
        userError: { problem: error.problem, hint: error.hint, path: error.path },
      });
    else parentPort!.postMessage({ id, error: error instanceof Error ? error : new Error(String(error)) });
  }
});
