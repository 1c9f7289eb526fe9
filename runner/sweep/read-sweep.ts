import { existsSync } from 'node:fs';
import { basename, isAbsolute, resolve } from 'node:path';
import { UserError, UserErrors } from '../../components/core/errors.ts';
import { formatErrors, readWorkflow, type Workflow } from '../config/index.ts';
import { isMapping } from '../config/spec.ts';
import { validate } from '../config/validate.ts';
import { parseSeconds } from './durations.ts';
import { earlyStopOf } from './early-stop.ts';
import { readParameters } from './parameters.ts';
import { ignoredKeys, sweepSchema } from './sweep-schema.ts';
import type { Goal, Sweep } from './types.ts';
import { yamlText } from './yaml-text.ts';

export interface SweepRequest {
  /** The sweep file, or the base workflow where `grid` is given. */
  readonly file: string;
  /** The sweep file when `file` is the base workflow. */
  readonly grid?: string | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface ReadSweep {
  readonly sweep: Sweep;
  /** Ready to be shown. */
  readonly warnings: readonly string[];
}

/** Where retraining with another seed changes a key: that of LightGBM and of qlib's networks. */
const defaultSeedKey = 'task.model.kwargs.seed';

/** A workflow in the place of a sweep: it names what to run, and nothing to run it with. */
function isWorkflow(config: Readonly<Record<string, unknown>>): boolean {
  return (
    isMapping(config['task']) && !['base', 'parameters', 'overrides', 'method'].some((key) => key in config)
  );
}

const sweepHint = (path: string) =>
  `give what to vary: a file with base: ${basename(path)} and parameters, or qrun sweep ${basename(path)} --grid FILE`;

/** Reads and checks a sweep file. @throws UserErrors with places */
export async function readSweep({ file, grid, cwd, env }: SweepRequest): Promise<ReadSweep> {
  const path = grid ?? file;
  const read = await readWorkflow(path, { env, cwd });
  const { config, python } = asSweep(read);
  const warnings: UserError[] = [];
  const errors: UserError[] = [...read.problems];
  const fail = (problem: string, hint: string | undefined, ...at: string[]) =>
    errors.push(new UserError(problem, { ...(hint ? { hint } : {}), path: at }));

  if (isWorkflow(config))
    throw placed(
      [new UserError('this is a workflow, not a sweep', { hint: sweepHint(path), path: ['task'] })],
      read,
    );
  errors.push(...validate(sweepSchema, config).errors);
  const found = readParameters(config['parameters'], python.get('parameters'));
  errors.push(...found.errors);
  warnings.push(...found.warnings);
  for (const key of ignoredKeys)
    if (key in config)
      warnings.push(new UserError(`${key} has no meaning here and is ignored`, { path: [key] }));
  if (errors.length > 0) throw placed(errors, read);

  const get = <T>(key: string) => config[key] as T | undefined;
  const method = get<Sweep['method']>('method') ?? (get('overrides') ? 'list' : 'grid');
  const goal = goalOf(get('metric'));
  const base = baseOf(get<string>('base'), { file, isBase: grid !== undefined, folder: read.folder, cwd });
  const budget = get<{ runs?: number; time?: string | number }>('budget') ?? {};
  const runs = get<number>('run_cap') ?? get<number>('runs') ?? budget.runs;
  const early = get<Parameters<typeof earlyStopOf>[0]>('early_terminate');
  if (base === undefined) fail('no base workflow is given', 'write base: workflow.yaml', 'base');
  if (method === 'bayes' && !goal)
    fail('bayes needs a metric', 'write metric: {name: IC, goal: maximize}', 'method');
  if ((method === 'random' || method === 'bayes') && runs === undefined && budget.time === undefined)
    fail(`method ${method} has no end`, 'write runs: 50, or budget: {time: 8h}', 'method');
  if (method === 'list' ? !get('overrides') : found.parameters.length === 0)
    fail(
      method === 'list' ? 'method list has no overrides' : 'the sweep has no parameters',
      undefined,
      'method',
    );
  if (early && !early.metric && !goal)
    fail(
      'early_terminate has no metric',
      'name one that training logs by step: metric: {name: l2.valid, goal: minimize}',
      'early_terminate',
    );
  if (errors.length > 0) throw placed(errors, read);

  const repeats = get<number | { key?: string; seeds: number[] }>('repeats');
  return {
    warnings: warnings.map((warning) => `warning: ${formatErrors([warning], read)}`),
    sweep: {
      name: get<string>('name') ?? basename(path).replace(/\.[^.]+$/, ''),
      file: path,
      base: base!,
      method,
      goal,
      parameters: found.parameters,
      list: method === 'list' ? listOf(python.get('overrides') as readonly unknown[]) : [],
      always: get<string[]>('always') ?? [],
      runs,
      seconds: budget.time === undefined ? undefined : secondsOf(budget.time, read),
      seed: get<number>('seed') ?? 0,
      earlyStop: early && earlyStopOf(early, goal),
      repeats:
        repeats === undefined
          ? undefined
          : typeof repeats === 'number'
            ? { key: defaultSeedKey, seeds: Array.from({ length: repeats }, (_, i) => i) }
            : { key: repeats.key ?? defaultSeedKey, seeds: repeats.seeds },
      walkForward: walkForwardOf(get('walk_forward')),
      holdout: get('holdout'),
      parallel: get<number>('parallel'),
      experimentName: get<string>('experiment_name'),
      retries: get<number>('retries') ?? 0,
      startup: get<number>('startup') ?? 10,
    },
  };
}

/** A file without any key of a sweep is a grid: key paths with their values. */
function asSweep({ config, python }: Workflow): {
  config: Readonly<Record<string, unknown>>;
  python: ReadonlyMap<string, unknown>;
} {
  const tree = python as ReadonlyMap<string, unknown>;
  const keys = Object.keys(config);
  const isPlain = keys.length > 0 && keys.every((key) => key.includes('.'));
  return isPlain
    ? { config: { parameters: config }, python: new Map([['parameters', tree]]) }
    : { config, python: tree };
}

function placed(errors: readonly UserError[], workflow: Workflow): UserErrors {
  return new UserErrors(
    errors.map((error) => new UserError(formatErrors([error], workflow), { cause: error })),
  );
}

function goalOf(metric: { name: string; goal?: string } | undefined): Goal | undefined {
  return metric && { metric: metric.name, maximize: metric.goal === 'maximize' };
}

/** The base workflow: beside the sweep file, else in the current folder. */
function baseOf(
  named: string | undefined,
  where: { readonly file: string; readonly isBase: boolean; readonly folder: string; readonly cwd: string },
): string | undefined {
  if (where.isBase) return where.file;
  if (named === undefined) return undefined;
  if (isAbsolute(named)) return named;
  const beside = resolve(where.folder, named);
  return existsSync(beside) || !existsSync(resolve(where.cwd, named)) ? beside : resolve(where.cwd, named);
}

function listOf(items: readonly unknown[]): string[][] {
  return items.map((item) => {
    if (item instanceof Map) return [...item].map(([key, value]) => `${String(key)}=${yamlText(value)}`);
    return (Array.isArray(item) ? item : [item]).map(String);
  });
}

/** `90`, `90s`, `15m`, `1h30m`, `2d`. */
function secondsOf(time: string | number, workflow: Workflow): number {
  const seconds = parseSeconds(time);
  if (seconds !== undefined) return seconds;
  throw placed(
    [
      new UserError(`"${time}" is no time`, {
        hint: 'write 90s, 15m, 1h30m or 2d',
        path: ['budget', 'time'],
      }),
    ],
    workflow,
  );
}

function walkForwardOf(value: unknown): Sweep['walkForward'] {
  if (!isMapping(value)) return undefined;
  const {
    kind = 'rolling',
    step,
    folds,
  } = value as { kind?: 'rolling' | 'expanding'; step: number; folds?: number };
  return { kind, step, folds };
}
