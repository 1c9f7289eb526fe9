/**
 * Everything between the text of a workflow file and checked, typed, placed config.
 *
 *   const workflow = await readWorkflow(path, { env: process.env, cwd: process.cwd() });   // throws UserError(s)
 *   const { errors, warnings } = await checkWorkflow(workflow, catalogue);
 *   const settings = settingsOf(workflow, { cwd, home });                                 // when there is no error
 *   const more = await checkAgainstData(workflow, provider);
 *   formatErrors(errors, workflow)                                                         // file:line:column (key.path): problem
 */

export { checkWorkflow } from './check.ts';
export { checkAll } from './check-all.ts';
export { checkAgainstData } from './check-data.ts';
export { formatErrors, formatWarnings } from './format.ts';
export { operatorsWhereNamed } from './has-own-operators.ts';
export { readWorkflow } from './load.ts';
export { fillPlaceholders } from './placeholder.ts';
export { isSpec, resolveComponent } from './resolve.ts';
export { settingsOf } from './settings.ts';
export type { ConfigValue, Settings, Workflow } from './types.ts';
