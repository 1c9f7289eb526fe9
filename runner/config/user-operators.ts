import { type KeyPath, UserError, UserErrors } from '../../components/core/errors.ts';
import {
  builtinSet,
  familyModule,
  loadOperators,
  type OperatorModule,
  type OperatorSet,
} from '../../components/data/expression/operator-set.ts';
import { describe } from './describe.ts';
import { isMapping, readSpec } from './spec.ts';
import type { Workflow } from './types.ts';
import { bundleUserModule, findUserModule, looksLikeFile } from './user-module.ts';

type Source = Pick<Workflow, 'config' | 'folder' | 'searchPaths'>;

interface Found extends OperatorSet {
  readonly errors: readonly UserError[];
  readonly warnings: readonly UserError[];
}

const known = new WeakMap<object, Promise<Found>>();
const place = ['qlib_init', 'custom_ops'];

/** The operators that expressions of a workflow may use: the built-in ones and those of `qlib_init.custom_ops`. @throws UserErrors */
export async function operatorsOf(workflow: Source): Promise<OperatorSet> {
  const { errors, ...set } = await findOperators(workflow);
  if (errors.length > 0) throw new UserErrors(errors);
  return set;
}

/**
 * `qlib_init.custom_ops` as qlib has it: a list of `{class, module_path}`; also of files, all of whose operators are taken, and `module.Class`.
 * What is wrong with it is among the errors; the sound entries count. Read once a workflow.
 */
export function findOperators(workflow: Source): Promise<Found> {
  let found = known.get(workflow.config);
  if (!found) known.set(workflow.config, (found = read(workflow)));
  return found;
}

async function read(workflow: Source): Promise<Found> {
  const init = workflow.config['qlib_init'];
  const list = isMapping(init) ? (init['custom_ops'] ?? []) : [];
  if (!Array.isArray(list))
    return {
      ...builtinSet,
      errors: [
        new UserError(`must be a list of operators, got ${describe(list)}`, {
          hint: 'such as [{class: MyOperator, module_path: ./my_operators.ts}]',
          path: place,
        }),
      ],
      warnings: [],
    };
  const errors: UserError[] = [];
  const warnings: UserError[] = [];
  const modules: OperatorModule[] = [];
  let set = builtinSet;
  for (const [i, spec] of list.entries()) {
    const path = [...place, i];
    try {
      const module = await moduleOf(spec, workflow);
      const name = module.names.find((own) => set.operators.has(own));
      const next = await loadOperators([...modules, module]);
      if (name !== undefined)
        warnings.push(
          new UserError(`the operator ${name} takes the place of another of that name`, { path }),
        );
      modules.push(module);
      set = next;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      errors.push(error.within(path));
    }
  }
  return { ...set, errors, warnings };
}

async function moduleOf(spec: unknown, workflow: Source): Promise<OperatorModule> {
  if (typeof spec === 'string' && looksLikeFile(spec)) {
    const file = found(spec, workflow, []);
    const { code, exports } = await bundleUserModule(file);
    return { file, code, names: exports.filter((name) => name !== 'default') };
  }
  const errors: UserError[] = [];
  const read = readSpec('operator', spec, errors);
  if (!read || errors[0]) throw errors[0] ?? new Error('an operator without name and without error');
  if (read.module === undefined)
    throw new UserError(`the operator ${read.name} needs the file that it comes from`, {
      hint: 'module_path: ./FILE.ts in the folder of the workflow',
    });
  if (Object.keys(read.kwargs).length > 0)
    throw new UserError('an operator has no kwargs: its arguments stand in expressions', {
      path: read.kwargsPath,
    });
  const family = familyModule(read.module, [read.name]);
  if (family) return family;
  const file = found(read.module, workflow, read.modulePath);
  return { file, code: (await bundleUserModule(file)).code, names: [read.name] };
}

function found(module: string, workflow: Source, path: KeyPath): string {
  try {
    const file = findUserModule(module, workflow);
    if (file !== undefined) return file;
    throw new UserError(`no file for module_path "${module.slice(0, 200)}"`, {
      hint: 'operators of your own are written in TypeScript or JavaScript: module_path: ./FILE.ts in the folder of the workflow',
    });
  } catch (error) {
    throw error instanceof UserError ? error.within(path) : error;
  }
}
