import { flattenDict } from '../../records/tracking/flatten.ts';
import type { Recorder } from '../../records/tracking/recorder.ts';
import type { Settings, Workflow } from '../config/index.ts';

/** What qlib's `begin_task_train` keeps of the task: flattened params, the task itself, the host. */
export async function logTask(recorder: Recorder, workflow: Workflow, { task }: Settings): Promise<void> {
  const { hostname } = await import('node:os');
  const python = taskOf(workflow.python);
  await recorder.logParams(Object.fromEntries(flattenDict(python)));
  await recorder.saveObjects({ task: python ?? task.raw });
  await recorder.setTags({ hostname: hostname() });
}

function taskOf(tree: unknown): Readonly<Record<string, unknown>> {
  const task = tree instanceof Map ? tree.get('task') : (tree as Record<string, unknown>)['task'];
  return task as Readonly<Record<string, unknown>>;
}
