import { fillPlaceholders } from '../config/index.ts';
import { runRecords } from '../run-records.ts';
import { fitModel } from './fit-model.ts';
import { placedAt } from './placed-at.ts';
import type { TaskRun } from './task-run.ts';

/** qlib's `_exe_task`: model, dataset, fit, records. */
export async function runTask(run: TaskRun): Promise<void> {
  const { R, recorder, settings, console, hooks, contextFor } = run;
  const { task } = settings;
  const isReused =
    hooks.reuseFit !== undefined && (await console.stage('reuse', () => hooks.reuseFit!(R, recorder)));
  const { model, dataset } = isReused ? {} : await fitModel(run);
  run.onIdle();
  const placeholders = new Map<string, unknown>([
    ['<MODEL>', model],
    ['<DATASET>', dataset],
  ]);
  const print = (text: string) => console.info(text);
  const signal = isReused ? task.records.findIndex(({ spec }) => nameOf(spec) === 'SignalRecord') : -1;
  await runRecords({
    records: task.records
      .filter((_, i) => i !== signal)
      .map((record) => ({ ...record, name: nameOf(record.spec) })),
    console,
    now: run.now,
    make: ({ spec, path }, own) =>
      contextFor({ recorder, model, dataset, print, log: own, runWork: run.runWork }).build(
        'record',
        fillPlaceholders(spec, placeholders),
        path,
      ),
    generate: (template, { spec, path }) => placedAt(path, spec, () => template.generate()),
    onBegun: () => void run.runWork.beginReport(),
  });
}

function nameOf(spec: unknown): string {
  const name = typeof spec === 'string' ? spec : (spec as { class?: unknown } | null)?.class;
  return typeof name === 'string' ? (name.split('.').at(-1) ?? name) : 'record';
}
