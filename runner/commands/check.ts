import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError, UserErrors } from '../../components/core/errors.ts';
import { homeFolder } from '../../components/core/home-folder.ts';
import { makeFolder } from '../../components/core/make-folder.ts';
import { openData } from '../../components/data/folder-provider.ts';
import { inventoryOf } from '../config/check.ts';
import {
  checkAll,
  formatErrors,
  formatWarnings,
  operatorsWhereNamed,
  readWorkflow,
  settingsOf,
  type Workflow,
} from '../config/index.ts';
import { fullCatalogue } from '../context.ts';
import { reportError } from '../report-error.ts';

export interface CheckArguments {
  readonly configs: readonly string[];
  /** Folder for editor schemas; true: `configs/schema`. */
  readonly schema?: string | true;
  /** Warnings count as mistakes. */
  readonly strict?: boolean;
  readonly debug?: boolean;
}

/** `qrun check CONFIG...`: every mistake of every file, or `ok` with what the file would run; returns the exit code. */
export async function checkCommand({
  configs,
  schema,
  strict = false,
  debug = false,
}: CheckArguments): Promise<number> {
  try {
    if (schema !== undefined) await writeSchemas(schema === true ? join('configs', 'schema') : schema);
    else if (configs.length === 0)
      throw new UserError('no workflow file is given', { hint: 'usage: qrun check CONFIG.yaml ...' });
    let code = 0;
    for (const config of configs) if (!(await checkFile(config, strict))) code = 1;
    return code;
  } catch (error) {
    return reportError(error, debug);
  }
}

async function checkFile(config: string, strict: boolean): Promise<boolean> {
  const cwd = process.cwd();
  const home = homeFolder();
  let workflow: Workflow | undefined;
  try {
    workflow = await readWorkflow(config, { env: process.env, cwd });
    const { errors, warnings: found } = await checkAll(workflow, {
      catalogue: fullCatalogue,
      cwd,
      home,
      open: openData,
    });
    const warnings = [...found];
    if (errors.length === 0) warnings.push(...(await horizonWarnings(workflow)));
    if (warnings.length > 0) print(process.stderr, formatWarnings(warnings, workflow));
    if (errors.length > 0) return refuse(errors, workflow);
    if (strict && warnings.length > 0) return false;
    print(process.stdout, `${config}: ok: ${summary(workflow, { cwd, home })}`);
    return true;
  } catch (error) {
    if (error instanceof UserErrors) return refuse(error.errors, workflow);
    if (error instanceof UserError) return refuse([error], workflow);
    throw error;
  }
}

/** Only told here: nearly every workflow has its segments side by side. */
async function horizonWarnings(workflow: Workflow): Promise<UserError[]> {
  const { checkHorizon } = await import('../config/rules/leaks.ts');
  return checkHorizon(inventoryOf(workflow), (await operatorsWhereNamed(workflow))?.operators);
}

function refuse(errors: readonly UserError[], workflow: Workflow | undefined): false {
  print(process.stderr, formatErrors(errors, workflow));
  if (errors.length > 1) print(process.stderr, `${errors.length} mistakes`);
  return false;
}

const print = (stream: NodeJS.WritableStream, text: string) => void stream.write(`${text}\n`);

/** `LinearModel on DatasetH, 3 records, data in ~/data`. */
function summary(workflow: Workflow, where: { cwd: string; home: string }): string {
  const { task, qlib } = settingsOf(workflow, where);
  const name = (spec: unknown) => {
    const named: unknown =
      typeof spec === 'object' && spec !== null
        ? (Reflect.get(spec, 'class') ?? Reflect.get(spec, 'func'))
        : spec;
    return String(named).split('.').at(-1);
  };
  const records = task.records.map(({ spec }) => name(spec)).join(', ');
  return `${name(task.model)} on ${name(task.dataset)}, ${records === '' ? 'no record' : records}, data in ${Object.values(qlib.providerUri).join(', ')}`;
}

async function writeSchemas(folder: string): Promise<void> {
  const { editorSchemas } = await import('../config/editor-schema.ts');
  const path = resolve(folder);
  makeFolder(resolve(path));
  const schemas = await editorSchemas(fullCatalogue);
  for (const [name, schema] of schemas)
    await writeFile(join(path, name), `${JSON.stringify(schema, null, 2)}\n`);
  print(process.stdout, `${schemas.size} schemas in ${folder}`);
}
