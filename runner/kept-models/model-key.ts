import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { engineOf } from '../../components/data/cache/cached-provider.ts';
import { stampOf } from '../../components/data/cache/content.ts';
import { hasOwnOperators } from '../config/has-own-operators.ts';
import { isMapping, readSpec } from '../config/spec.ts';
import type { Settings, Workflow } from '../config/types.ts';
import { filesBelow } from '../files-below.ts';
import { isRestorable } from '../sweep/predictions/restore-model.ts';

export interface ModelKey {
  /** Hash of the configs of model and dataset, the seed, and this build of qrun. */
  readonly request: string;
  /** Hash of names, sizes, times and inodes of all files of the data folders. */
  readonly content: string;
}

export interface ModelKeyOptions {
  readonly workflow: Workflow;
  readonly settings: Settings;
  readonly seed: number;
  readonly blasThreads: number;
  readonly cwd: string;
}

/**
 * What a trained model depends on: equal keys give equal models, since training depends on no clock, thread count or chance beside the seed. Undefined
 * where it may depend on more than is seen here: code or files of the user, LightGBM's own library, a reweighter.
 */
export function modelKey(options: ModelKeyOptions): ModelKey | undefined {
  const { workflow, settings, seed, blasThreads, cwd } = options;
  const { task, qlib } = settings;
  if (task.reweighter !== undefined || hasOwnOperators(workflow)) return undefined;
  const model = readSpec('model', task.model, []);
  if (!model || !isRestorable(model.name)) return undefined;
  const bases = [cwd, workflow.folder, ...workflow.searchPaths];
  if (namesFiles(task.model, bases) || namesFiles(task.dataset, bases)) return undefined;
  const { exp_manager: _, ...init } = qlib.raw;
  const parts = [engineOf(), seed, blasThreads, qlib.providerUri, init, task.model, task.dataset];
  return {
    request: createHash('sha256').update(JSON.stringify(parts, exact)).digest('hex').slice(0, 32),
    content: stampOf(Object.values(qlib.providerUri).flatMap(filesBelow)),
  };
}

/** Does a text in a config name a file that is there, code of the user's own, or LightGBM's own library? */
function namesFiles(value: unknown, bases: readonly string[]): boolean {
  if (Array.isArray(value)) return value.some((item) => namesFiles(item, bases));
  if (isMapping(value)) return Object.values(value).some((item) => namesFiles(item, bases));
  if (typeof value !== 'string' || value === '' || value.length > 4096 || value.includes('\0')) return false;
  if (value === 'native' || /\.[cm]?[jt]s$/.test(value)) return true;
  const path = value.replace(/^file:(\/\/)?/, '');
  return bases.some((base) => {
    const found = statSync(resolve(base, path), { throwIfNoEntry: false });
    return found?.isFile() === true || (found !== undefined && path.includes('/'));
  });
}

/** JSON would write NaN, the infinities and null alike. */
function exact(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value;
}
