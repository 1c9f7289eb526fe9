import { type KeyPath, UserError } from '../../components/core/errors.ts';
import { PyFloat } from '../../components/core/python.ts';
import { isMapping } from '../config/spec.ts';
import { validate } from '../config/validate.ts';
import { parameterSchema } from './sweep-schema.ts';
import type { Conditions, Parameter, Range } from './types.ts';
import { yamlText } from './yaml-text.ts';

export interface FoundParameters {
  readonly parameters: readonly Parameter[];
  readonly errors: readonly UserError[];
  readonly warnings: readonly UserError[];
}

const ownKeys = new Set(Object.keys(parameterSchema['properties'] as object));

/**
 * Reads the `parameters` of a sweep: by key path, or nested as W&B has it (`model: {parameters: {...}}`).
 * `config` and `python` are the same mapping as components and as Python would have it. Paths of errors start at the sweep file.
 */
export function readParameters(
  config: unknown,
  python: unknown,
  path: KeyPath = ['parameters'],
): FoundParameters {
  const found: { parameters: Parameter[]; errors: UserError[]; warnings: UserError[] } = {
    parameters: [],
    errors: [],
    warnings: [],
  };
  const visit = (
    map: Readonly<Record<string, unknown>>,
    tree: unknown,
    prefix: string,
    at: KeyPath,
  ): void => {
    for (const [name, spec] of Object.entries(map)) {
      const key = prefix === '' ? name : `${prefix}.${name}`;
      const value = mapOf(tree).get(name);
      const place = [...at, name];
      if (isMapping(spec) && isMapping(spec['parameters']))
        visit(spec['parameters'], mapOf(value).get('parameters'), key, [...place, 'parameters']);
      else readOne(key, spec, value, place, found);
    }
  };
  if (isMapping(config)) visit(config, python, '', path);
  const keys = new Set(found.parameters.map((p) => p.key));
  for (const parameter of found.parameters)
    for (const other of parameter.when.keys())
      if (!keys.has(other))
        found.errors.push(
          new UserError(`the condition of ${parameter.key} names "${other}", which is no parameter`, {
            hint: `parameters: ${[...keys].join(', ')}`,
            path,
          }),
        );
  return found;
}

function readOne(
  key: string,
  spec: unknown,
  python: unknown,
  path: KeyPath,
  found: { parameters: Parameter[]; errors: UserError[]; warnings: UserError[] },
): void {
  // a bare list is a list of values, a bare value a constant
  const full = Array.isArray(spec) ? { values: spec } : isSpec(spec) ? spec : { value: spec };
  const tree = full === spec ? mapOf(python) : new Map([[Array.isArray(spec) ? 'values' : 'value', python]]);
  const { errors } = validate(parameterSchema, full);
  found.errors.push(...errors.map((error) => error.within(path)));
  if (errors.length > 0) return;
  try {
    found.parameters.push(makeParameter(key, full, tree));
    const { min, max, distribution } = full as { min?: number; max?: number; distribution?: string };
    if (/^(?:q_|inv_)?log_uniform$/.test(distribution ?? '') && min! > 0 && max! < 1)
      found.warnings.push(
        new UserError(
          `${distribution} takes exponents of e, as W&B has it: ${min} to ${max} means ${Math.exp(min!).toFixed(4)} to ${Math.exp(max!).toFixed(4)}`,
          {
            hint: `write ${distribution}_values if the limits are those of the value`,
            path,
          },
        ),
      );
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    found.errors.push(error.within(path));
  }
}

const isSpec = (spec: unknown): spec is Readonly<Record<string, unknown>> =>
  isMapping(spec) && Object.keys(spec).every((k) => ownKeys.has(k)) && Object.keys(spec).length > 0;

const mapOf = (value: unknown): ReadonlyMap<string, unknown> =>
  value instanceof Map ? (value as ReadonlyMap<string, unknown>) : new Map();

function makeParameter(
  key: string,
  spec: Readonly<Record<string, unknown>>,
  tree: ReadonlyMap<string, unknown>,
): Parameter {
  const when = conditions(tree.get('when'));
  const distribution = spec['distribution'];
  if ('value' in spec || distribution === 'constant')
    return { kind: 'choice', key, when, values: [yamlText(tree.get('value'))], probabilities: undefined };
  if ('values' in spec) {
    const values = (tree.get('values') as readonly unknown[]).map(yamlText);
    const probabilities = spec['probabilities'] as readonly number[] | undefined;
    if (probabilities && probabilities.length !== values.length)
      throw new UserError(`${values.length} values have ${probabilities.length} probabilities`, {
        hint: 'give one for each value',
        path: ['probabilities'],
      });
    if (probabilities && !(probabilities.reduce((a, b) => a + b, 0) > 0))
      throw new UserError('the probabilities are all zero', { path: ['probabilities'] });
    if (distribution !== undefined && !String(distribution).startsWith('categorical'))
      throw new UserError(`values have no distribution ${distribution}`, {
        hint: 'leave it out, or write categorical',
        path: ['distribution'],
      });
    return { kind: 'choice', key, when, values, probabilities };
  }
  return range(key, when, spec, tree);
}

function conditions(tree: unknown): Conditions {
  return new Map(
    [...mapOf(tree)].map(([key, value]) => [
      key,
      new Set((Array.isArray(value) ? value : [value]).map(yamlText)),
    ]),
  );
}

function range(
  key: string,
  when: Conditions,
  spec: Readonly<Record<string, unknown>>,
  tree: ReadonlyMap<string, unknown>,
): Range {
  const { min, max, mu = 0, sigma = 1, q, step } = spec as Partial<Record<string, number>>;
  const isFloat = (name: string) => tree.get(name) instanceof PyFloat || !Number.isInteger(spec[name] ?? 0);
  const isWhole = !isFloat('min') && !isFloat('max') && !isFloat('step') && !isFloat('q');
  const named = spec['distribution'] as string | undefined;
  const distribution = named ?? (isWhole ? 'int_uniform' : 'uniform');
  const stepOf = (own: number | undefined) => (distribution.startsWith('q_') ? (own ?? 1) : own);
  const isNormal = distribution.endsWith('normal');
  if (!isNormal && (min === undefined || max === undefined))
    throw new UserError(`a parameter has values, or min and max`, {
      hint: 'write values: [...], or min: and max:, or value: for a constant',
    });
  if (!isNormal && min! > max!) throw new UserError(`min ${min} is above max ${max}`, { path: ['min'] });
  const isLog = distribution.includes('log_');
  const takesValues = distribution.endsWith('_values');
  const exp = (x: number) => (isLog && !takesValues ? Math.exp(x) : x);
  if (isLog && takesValues && min! <= 0)
    throw new UserError(`${distribution} needs min above 0, got ${min}`, { path: ['min'] });
  const low = isNormal ? Number.NEGATIVE_INFINITY : exp(min!);
  return {
    kind: 'range',
    key,
    when,
    scale: distribution.startsWith('inv_') ? 'inverse-log' : isLog ? 'log' : 'linear',
    min: low,
    max: isNormal ? Number.POSITIVE_INFINITY : exp(max!),
    normal: isNormal ? { mu, sigma } : undefined,
    step: step ?? stepOf(q) ?? (distribution === 'int_uniform' ? 1 : undefined),
    stepFrom: step === undefined && q !== undefined ? 0 : Number.isFinite(low) ? low : 0,
    isInteger: distribution === 'int_uniform' || (isWhole && (step ?? q) !== undefined),
  };
}
