import type { Settings, Workflow } from './types.ts';

/** The parts of a workflow that `checkWorkflow` found no error in. */
export function settingsOf(
  _workflow: Workflow,
  _where: { readonly cwd: string; readonly home: string },
): Settings {
  throw new Error('under construction');
}
