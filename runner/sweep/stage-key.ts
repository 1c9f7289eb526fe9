import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Settings, Workflow } from '../config/index.ts';
import { isMapping } from '../config/spec.ts';
import { filesBelow } from '../files-below.ts';
import { hashOf } from './points.ts';

export interface StageKeys {
  /** The same for runs whose handlers hold the same columns. */
  readonly handler: string;
  /** The same for runs that train the same model on the same data; undefined where a record needs the model itself. */
  readonly fit: string | undefined;
}

export interface StageOptions {
  readonly workflow: Workflow;
  readonly settings: Settings;
  readonly version: string;
  readonly seed: number;
  /** See `dataStamp`. */
  readonly data: string;
}

/** Hashes of all that the stages of a run depend on: config, seed, version, data, the user's own modules. */
export function stageKeys({ workflow, settings, version, seed, data }: StageOptions): StageKeys {
  const { task, qlib } = settings;
  const common = [version, seed, data, qlib.providerUri, qlib.region];
  const dataset = isMapping(task.dataset) && isMapping(task.dataset['kwargs']) ? task.dataset['kwargs'] : {};
  const handler = dataset['handler'];
  const own = moduleHashes([task.model, task.dataset, task.reweighter], workflow);
  return {
    handler: hashOf([...common, handler ?? task.dataset, own]),
    fit: needsModel(settings)
      ? undefined
      : hashOf([...common, task.model, task.dataset, task.reweighter ?? null, own]),
  };
}

/** Does a record besides SignalRecord name the model or the dataset, or is there no SignalRecord whose predictions could be taken over? */
function needsModel({ task }: Settings): boolean {
  const isSignal = (spec: unknown) =>
    isMapping(spec) && String(spec['class']).split('.').at(-1) === 'SignalRecord';
  const known = new Set(['SigAnaRecord', 'PortAnaRecord', 'MultiPassPortAnaRecord', 'SignalRecord']);
  const signals = task.records.filter(({ spec }) => isSignal(spec));
  if (signals.length !== 1) return true;
  return task.records.some(({ spec }) => {
    const name = isMapping(spec) ? String(spec['class']).split('.').at(-1)! : '';
    if (!known.has(name)) return true;
    return !isSignal(spec) && /"<(?:MODEL|DATASET)[.>]/.test(JSON.stringify(spec));
  });
}

/** Contents of the user's own files that configs name, so that a changed file is another stage. */
function moduleHashes(specs: readonly unknown[], { folder, searchPaths }: Workflow): string[] {
  const hashes: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    if (!isMapping(value)) return;
    const module = value['module_path'];
    if (typeof module === 'string')
      for (const base of [folder, ...searchPaths]) {
        const file = resolve(base, module);
        if (/\.[cm]?[jt]s$/.test(file) && existsSync(file)) hashes.push(hashOf(readFileSync(file, 'utf8')));
      }
    for (const inner of Object.values(value)) visit(inner);
  };
  for (const spec of specs) visit(spec);
  return hashes;
}

/** A cheap mark of a data folder: calendars and markets by content, columns by size and time of change. */
export function dataStamp(folder: string): string {
  const hash = createHash('sha256');
  for (const name of ['calendars', 'instruments', 'features']) {
    if (!existsSync(join(folder, name))) continue;
    hash.update(`${name}\n`);
    for (const file of filesBelow(join(folder, name)))
      if (name !== 'features') hash.update(basename(file)).update(readFileSync(file));
      else {
        const { size, mtimeMs } = statSync(file);
        hash.update(`${basename(file)} ${size} ${mtimeMs}\n`);
      }
  }
  return hash.digest('hex').slice(0, 16);
}
