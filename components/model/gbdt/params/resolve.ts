import { UserError } from '../../../core/errors.ts';
import { nearest, unknownName } from '../../../core/nearest.ts';
import { Random } from '../random.ts';
import { checkConflicts } from './conflicts.ts';
import { learningSpecs } from './learning-specs.ts';
import { metricName, objectiveName } from './names.ts';
import { otherSpecs } from './other-specs.ts';
import { parseValue, type Value } from './parse-value.ts';
import type { Spec } from './spec.ts';

export const specs = { ...learningSpecs, ...otherSpecs };

/** All of LightGBM's parameters with their values, under LightGBM's names. */
export type Params = {
  readonly [K in keyof typeof specs]: (typeof specs)[K] extends Spec<infer T> ? T : never;
};

const mainNames = new Map<string, keyof Params>();
for (const [name, { aliases }] of Object.entries(specs))
  for (const alias of [name, ...aliases]) mainNames.set(alias, name as keyof Params);

/** Tells about settings that LightGBM would change or ignore with a warning. */
export type Warn = (message: string) => void;

/**
 * Fills in defaults, resolves aliases as LightGBM does (the main name wins, then the shortest alias, then the alphabet), derives
 * seeds from `seed`, checks types and ranges.
 * @throws UserError with the parameter as path: unknown names (LightGBM lets them pass), wrong types, out of range, not supported.
 */
export function resolveParams(given: Readonly<Record<string, unknown>>, warn: Warn = () => {}): Params {
  const chosen = new Map<keyof Params, string>();
  for (const name of Object.keys(given).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))) {
    if (given[name] === undefined || given[name] === null) continue;
    const main = mainNames.get(name);
    if (!main) throw unknownParameter(name);
    const before = chosen.get(main);
    if (before !== undefined && name !== main) {
      warn(`${name} is ignored: ${before} is given too`);
      continue;
    }
    if (before !== undefined) warn(`${before} is ignored: ${name} is given too`);
    chosen.set(main, name);
  }
  const values: Record<string, Value> = {};
  for (const [name, spec] of Object.entries(specs)) values[name] = spec.default;
  if (chosen.has('seed')) {
    const seed = parseValue(specs.seed, given[chosen.get('seed')!], chosen.get('seed')!);
    Object.assign(values, derivedSeeds(seed as number));
  }
  for (const [main, name] of chosen) values[main] = parseValue(specs[main], given[name], name);
  values['objective'] = objectiveName(values['objective'] as string);
  const metrics = values['metric'] as readonly string[];
  values['metric'] = [
    ...new Set((metrics.length > 0 ? metrics : [values['objective'] as string]).map(metricName)),
  ];
  checkConflicts(values, chosen, warn);
  return values as unknown as Params;
}

/** The seeds that `seed` stands for, drawn in LightGBM's order (src/io/config.cpp). */
function derivedSeeds(seed: number) {
  const random = new Random(seed);
  const next = () => random.nextShort(0, 32767);
  return {
    data_random_seed: next(),
    bagging_seed: next(),
    drop_seed: next(),
    feature_fraction_seed: next(),
    objective_seed: next(),
    extra_seed: next(),
  };
}

function unknownParameter(name: string): UserError {
  const near = nearest(name, mainNames.keys());
  if (!near) return unknownName('LightGBM parameter', name, Object.keys(specs), [name]);
  return new UserError(`unknown LightGBM parameter "${name.slice(0, 200)}"`, {
    hint: `did you mean "${mainNames.get(near) ?? near}"? (LightGBM itself would ignore it)`,
    path: [name],
  });
}
