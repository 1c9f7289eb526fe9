import type { ErrorObject } from 'ajv';
import type { KeyPath, UserError } from '../../components/core/errors.ts';
import { nearest } from '../../components/core/nearest.ts';
import { explainError, isMismatch, unionError } from './schema-messages.ts';
import { Union } from './union.ts';

/** What ajv found, in the user's words; of alternatives (`anyOf`) the one that was meant. Paths are relative to `data`. */
export function explainErrors(errors: readonly ErrorObject[], data: unknown): UserError[] {
  const told = reduceUnions(errors).map((error) =>
    error instanceof Union
      ? unionError(error, pathOf(data, error.instancePath))
      : explainError(error, pathOf(data, error.instancePath)),
  );
  const unique = new Map(told.map((e) => [`${e.path.join('\0')}\0\0${e.problem}`, e]));
  return dropMissing([...unique.values()]);
}

/** JSON pointer to key path; indices of lists become numbers. */
export function pathOf(root: unknown, pointer: string): KeyPath {
  const path: (string | number)[] = [];
  let value: unknown = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const isIndex = Array.isArray(value);
    path.push(isIndex ? Number(key) : key);
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  return path;
}

/** Replaces the errors of all branches of an `anyOf` by those of the branch that fits best, or by one that names them all. */
function reduceUnions(errors: readonly ErrorObject[]): (ErrorObject | Union)[] {
  const unions = errors.filter((e) => e.keyword === 'anyOf' || e.keyword === 'oneOf');
  const outer = unions.reduce<ErrorObject | undefined>(
    (best, e) => (best && best.schemaPath.length <= e.schemaPath.length ? best : e),
    undefined,
  );
  if (!outer) return errors.filter((e) => e.keyword !== 'if');
  const belongs = (e: ErrorObject) =>
    e.schemaPath.startsWith(`${outer.schemaPath}/`) && isAtOrBelow(e.instancePath, outer.instancePath);
  const isOuter = (e: ErrorObject) =>
    e.schemaPath === outer.schemaPath && e.instancePath === outer.instancePath;
  const rest = errors.filter((e) => !isOuter(e) && !belongs(e));
  return [...reduceUnions(rest), ...bestBranch(outer, errors.filter(belongs))];
}

const isAtOrBelow = (pointer: string, root: string) => pointer === root || pointer.startsWith(`${root}/`);

function bestBranch(union: ErrorObject, children: readonly ErrorObject[]): (ErrorObject | Union)[] {
  const branches = new Map<string, ErrorObject[]>();
  for (const child of children) {
    const branch = child.schemaPath.slice(union.schemaPath.length + 1).split('/')[0]!;
    branches.set(branch, [...(branches.get(branch) ?? []), child]);
  }
  // a branch is out when it is about another type of value
  const near = [...branches.values()].filter(
    (branch) => !branch.some((e) => e.instancePath === union.instancePath && isMismatch(e)),
  );
  if (near.length > 0)
    return near.map(reduceUnions).sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0]!;
  const alternatives = [...branches.values()].map(
    (branch) => branch.find((e) => e.instancePath === union.instancePath && isMismatch(e))!,
  );
  return [new Union(union.instancePath, union.data, alternatives, union.parentSchema)];
}

/** The farther inside the first fault lies, the more of the value the branch has accepted. */
const depth = (errors: readonly (ErrorObject | Union)[]) =>
  Math.min(...errors.map((e) => e.instancePath.split('/').length));

/** A misspelt key is one mistake: that the right one is missing goes without saying. */
export function dropMissing(errors: readonly UserError[]): UserError[] {
  return errors.filter((error) => {
    const missing = /^required key "(.*)" is missing$/.exec(error.problem)?.[1];
    if (missing === undefined) return true;
    return !errors.some((other) => {
      const key = other.path.at(-1);
      const isSibling =
        other.path.length === error.path.length + 1 && error.path.every((k, i) => k === other.path[i]);
      return (
        isSibling && other.problem.startsWith('unknown key') && nearest(String(key), [missing]) === missing
      );
    });
  });
}
