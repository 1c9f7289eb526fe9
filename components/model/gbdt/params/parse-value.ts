import { UserError } from '../../../core/errors.ts';
import type { Range, Spec } from './spec.ts';

export type Value = number | boolean | string | readonly number[] | readonly string[];

/** A parameter's value from YAML or JSON: text forms of numbers and flags are read as LightGBM reads them. */
export function parseValue(spec: Spec<Value>, given: unknown, name: string): Value {
  if (holdsMapping(given)) throw wrong(name, given, 'a plain value or a list of them');
  switch (spec.type) {
    case 'int':
    case 'float':
      return parseNumber(spec, given, name);
    case 'flag':
      return parseFlag(given, name);
    case 'kept':
      return Array.isArray(given) ? given.map(String).join(',') : String(given);
    case 'text':
      return Array.isArray(given)
        ? given.map((x) => (Array.isArray(x) ? `[${x.join(',')}]` : String(x))).join(',')
        : String(given).toLowerCase();
    case 'numbers':
      return list(given).map((x) => parseNumber({ ...spec, type: 'float', range: {} }, x, name));
    case 'words':
      return list(given).map((x) => String(x).trim().toLowerCase());
  }
}

const holdsMapping = (given: unknown): boolean =>
  Array.isArray(given) ? given.some(holdsMapping) : typeof given === 'object' && given !== null;

function parseNumber({ type, range }: Pick<Spec<Value>, 'type' | 'range'>, given: unknown, name: string) {
  const value =
    typeof given === 'string' && given.trim() !== ''
      ? Number(given)
      : typeof given === 'boolean'
        ? Number(given)
        : given;
  if (typeof value !== 'number' || Number.isNaN(value))
    throw wrong(name, given, type === 'int' ? 'a whole number' : 'a number');
  if (type === 'int' && !Number.isInteger(value)) throw wrong(name, given, 'a whole number');
  const rule = broken(value, range);
  if (rule) throw wrong(name, given, rule);
  return value;
}

function broken(value: number, { above, least, most, below }: Range): string | undefined {
  if (above !== undefined && !(value > above)) return `a number above ${above}`;
  if (least !== undefined && !(value >= least)) return `a number of at least ${least}`;
  if (most !== undefined && !(value <= most)) return `a number of at most ${most}`;
  if (below !== undefined && !(value < below)) return `a number below ${below}`;
  return undefined;
}

function parseFlag(given: unknown, name: string): boolean {
  if (typeof given === 'boolean') return given;
  const word = String(given).toLowerCase();
  if (word === 'true' || word === '+' || word === '1') return true;
  if (word === 'false' || word === '-' || word === '0') return false;
  throw wrong(name, given, 'true or false');
}

function list(given: unknown): readonly unknown[] {
  if (Array.isArray(given)) return given;
  return typeof given === 'string' ? given.split(',').filter((x) => x.trim() !== '') : [given];
}

function wrong(name: string, given: unknown, rule: string): UserError {
  // JSON has no nan and inf
  const shown =
    typeof given === 'number' && !Number.isFinite(given)
      ? String(given).replace('Infinity', 'inf')
      : JSON.stringify(given);
  return new UserError(`${name} is ${shown}`, { hint: `it must be ${rule}`, path: [name] });
}
