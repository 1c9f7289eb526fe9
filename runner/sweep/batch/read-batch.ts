import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { UserError, UserErrors } from '../../../components/core/errors.ts';
import { unknownName } from '../../../components/core/nearest.ts';
import type { Schema } from '../../../components/core/registry.ts';
import { formatErrors, readWorkflow, type Workflow } from '../../config/index.ts';
import { validate } from '../../config/validate.ts';
import { parseBytes, parseSeconds } from '../durations.ts';

/** One workflow of a batch. */
export interface BatchItem {
  readonly name: string;
  /** Absolute. */
  readonly config: string;
  readonly overrides: readonly string[];
  readonly experimentName: string | undefined;
  /** Names of items that must have finished before. */
  readonly after: readonly string[];
  readonly retries: number;
  /** Seconds. */
  readonly timeLimit: number | undefined;
  /** Bytes. */
  readonly memoryLimit: number | undefined;
}

export interface Batch {
  readonly items: readonly BatchItem[];
  readonly parallel: number | undefined;
}

const text: Schema = { type: 'string', minLength: 1 };
const limits = {
  retries: { type: 'integer', minimum: 0 },
  time: { anyOf: [text, { type: 'number', exclusiveMinimum: 0 }], description: '90s, 15m, 1h30m' },
  memory: { anyOf: [text, { type: 'number', exclusiveMinimum: 0 }], description: '500MB, 4GB' },
};
const manifestSchema: Schema = {
  type: 'object',
  properties: {
    parallel: { type: 'integer', minimum: 1 },
    defaults: { type: 'object', properties: limits, additionalProperties: false },
    runs: {
      type: 'array',
      minItems: 1,
      items: {
        anyOf: [
          text,
          {
            type: 'object',
            properties: {
              name: text,
              config: text,
              overrides: { type: 'array', items: text },
              experiment_name: text,
              after: { anyOf: [text, { type: 'array', items: text }] },
              ...limits,
            },
            required: ['config'],
            additionalProperties: false,
          },
        ],
      },
    },
  },
  required: ['runs'],
  additionalProperties: false,
};

interface Entry {
  readonly name?: string;
  readonly config: string;
  readonly overrides?: readonly string[];
  readonly experiment_name?: string;
  readonly after?: string | readonly string[];
  readonly retries?: number;
  readonly time?: string | number;
  readonly memory?: string | number;
}

type Where = { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> };

/** Workflow files, folders of them, and manifests (files with `runs`) as one batch. @throws UserErrors with places */
export async function readBatch(words: readonly string[], where: Where): Promise<Batch> {
  const items: BatchItem[] = [];
  let parallel: number | undefined;
  for (const word of words) {
    const path = resolve(where.cwd, word);
    if (!existsSync(path)) throw new UserError(`no file or folder ${word}`);
    if (statSync(path).isDirectory()) {
      const files = readdirSync(path)
        .filter((file) => /\.ya?ml$/.test(file))
        .sort();
      if (files.length === 0) throw new UserError(`no workflow file (.yaml, .yml) in ${word}`);
      items.push(...files.map((file) => itemOf({ config: join(path, file) }, where.cwd, {})));
      continue;
    }
    const read = await readWorkflow(word, where);
    if (!('runs' in read.config)) items.push(itemOf({ config: path }, where.cwd, {}));
    else {
      const manifest = readManifest(read);
      items.push(...manifest.items);
      parallel ??= manifest.parallel;
    }
  }
  return { items: named(items), parallel };
}

function readManifest(read: Workflow): Batch {
  const errors = [...read.problems, ...validate(manifestSchema, read.config).errors];
  const fail = (found: readonly UserError[]) =>
    new UserErrors(found.map((error) => new UserError(formatErrors([error], read), { cause: error })));
  if (errors.length > 0) throw fail(errors);
  const {
    runs,
    defaults = {},
    parallel,
  } = read.config as unknown as {
    runs: readonly (string | Entry)[];
    defaults?: Partial<Entry>;
    parallel?: number;
  };
  try {
    const items = runs.map((run, i) => {
      try {
        return itemOf(typeof run === 'string' ? { config: run } : run, read.folder, defaults);
      } catch (error) {
        throw error instanceof UserError ? error.within(['runs', i]) : error;
      }
    });
    checkOrder(named(items));
    return { items, parallel };
  } catch (error) {
    throw error instanceof UserError ? fail([error]) : error;
  }
}

function itemOf(entry: Entry, folder: string, defaults: Partial<Entry>): BatchItem {
  const { after = [], time = defaults.time, memory = defaults.memory } = entry;
  const timeLimit = time === undefined ? undefined : parseSeconds(time);
  const memoryLimit = memory === undefined ? undefined : parseBytes(memory);
  if (time !== undefined && timeLimit === undefined)
    throw new UserError(`"${time}" is no time`, { hint: 'write 90s, 15m or 1h30m', path: ['time'] });
  if (memory !== undefined && memoryLimit === undefined)
    throw new UserError(`"${memory}" is no size`, { hint: 'write 500MB or 4GB', path: ['memory'] });
  const config = resolve(folder, entry.config);
  if (!existsSync(config))
    throw new UserError(`no file ${entry.config} beside the manifest`, { path: ['config'] });
  return {
    name: entry.name ?? basename(config).replace(/\.ya?ml$/, ''),
    config,
    overrides: entry.overrides ?? [],
    experimentName: entry.experiment_name,
    after: typeof after === 'string' ? [after] : after,
    retries: entry.retries ?? defaults.retries ?? 0,
    timeLimit,
    memoryLimit,
  };
}

/** Names that two items have get a number. */
function named(items: readonly BatchItem[]): BatchItem[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    const count = (seen.get(item.name) ?? 0) + 1;
    seen.set(item.name, count);
    return count === 1 ? item : { ...item, name: `${item.name}-${count}` };
  });
}

/** @throws UserError for names that are not there, and for circles */
function checkOrder(items: readonly BatchItem[]): void {
  const byName = new Map(items.map((item) => [item.name, item]));
  for (const [i, item] of items.entries())
    for (const other of item.after)
      if (!byName.has(other)) throw unknownName('run', other, [...byName.keys()], ['runs', i, 'after']);
  const done = new Set<string>();
  const visit = (item: BatchItem, path: readonly string[]): void => {
    if (path.includes(item.name))
      throw new UserError(
        `the runs wait for each other in a circle: ${[...path.slice(path.indexOf(item.name)), item.name].join(' -> ')}`,
        { path: ['runs'] },
      );
    if (done.has(item.name)) return;
    for (const other of item.after) visit(byName.get(other)!, [...path, item.name]);
    done.add(item.name);
  };
  for (const item of items) visit(item, []);
}
