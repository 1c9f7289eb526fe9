import { hash } from 'node:crypto';
import { UserError } from '../../core/errors.ts';
import { unknownName } from '../../core/nearest.ts';
import type { Operator } from './operator.ts';
import { crossSectionOperators } from './ops/cross-section.ts';
import { highFreqModule, highFreqOperators } from './ops/high-freq.ts';
import { builtinOperators } from './ops/index.ts';
import type { Operators } from './parse.ts';
import { operatorOf } from './user-operator.ts';

/** Operators of a user's file as code that any thread can load: a module without imports of its own files. */
export interface OperatorModule {
  /** For messages; the `module_path` for a family of ours, which has no code. */
  readonly file: string;
  readonly code: string;
  /** Exports that become operators. */
  readonly names: readonly string[];
}

/** The operators that expressions may use: the built-in ones, and those of modules. */
export interface OperatorSet {
  readonly operators: Operators;
  readonly modules: readonly OperatorModule[];
}

export const builtinSet: OperatorSet = { operators: builtinOperators, modules: [] };

/** Operators of ours that are there once they are named, by the module that qlib has them in. */
const families: ReadonlyMap<string, ReadonlyMap<string, Operator>> = new Map([
  [highFreqModule, new Map(highFreqOperators.map((operator) => [operator.name, operator]))],
]);

/** A family of ours by `module_path`, as a module with the operators `names` of it. */
export function familyModule(module: string, names: readonly string[]): OperatorModule | undefined {
  return families.has(module) ? { file: module, code: '', names } : undefined;
}

const fixed: ReadonlySet<string> = new Set([
  ...crossSectionOperators.map((o) => o.name),
  ...['P', 'PRef', 'Feature', 'PFeature', 'ChangeInstrument'],
]);

/**
 * Loads modules and adds their operators to the built-in ones; one of the same name takes its place, as in qlib.
 * @throws UserError for a module that fails, or an export that is absent or no operator
 */
export async function loadOperators(modules: readonly OperatorModule[]): Promise<OperatorSet> {
  if (modules.length === 0) return builtinSet;
  const operators = new Map<string, Operator>(builtinOperators);
  for (const module of modules) {
    const family = families.get(module.file);
    if (family) {
      for (const name of module.names) operators.set(name, member(family, name, module.file));
      continue;
    }
    const exported = await imported(module);
    const id = hashOf(module);
    for (const name of module.names) {
      if (!Object.hasOwn(exported, name)) {
        const { problem, hint } = unknownName('operator', name, Object.keys(exported));
        throw new UserError(`${problem} in ${module.file}`, { hint });
      }
      if (fixed.has(name))
        throw new UserError(`the operator ${name} cannot be replaced, as ${module.file} wants to`, {
          hint: 'give yours another name',
        });
      operators.set(name, operatorOf(name, Reflect.get(exported, name), module.file, id));
    }
  }
  return { operators, modules };
}

/** Hashes of the code behind the users' operators that expressions call, sorted: what features are made of besides data. */
export function codeBehind(expressions: readonly string[], { modules }: OperatorSet): string[] {
  return modules
    .filter(({ file, names }) => {
      if (families.has(file)) return false;
      const calls = new RegExp(`(?<![\\p{L}\\p{N}_])(?:${names.join('|')})\\s*\\(`, 'u');
      return names.length > 0 && expressions.some((text) => calls.test(text));
    })
    .map(hashOf)
    .sort();
}

function member(family: ReadonlyMap<string, Operator>, name: string, module: string): Operator {
  const operator = family.get(name);
  if (operator) return operator;
  const { problem, hint } = unknownName('operator', name, [...family.keys()]);
  throw new UserError(`${problem} in ${module}`, { hint });
}

const hashOf = ({ code }: OperatorModule) => hash('sha256', code).slice(0, 16);

async function imported({ file, code }: OperatorModule): Promise<object> {
  try {
    // a URL of its content: no file to clean up, and each thread imports the same code once
    return (await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)) as object;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${file} failed when it was imported: ${reason}`, { cause: error });
  }
}
