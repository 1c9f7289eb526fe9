import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../../components/core/errors.ts';
import { parseFreq } from '../../../components/core/freq.ts';
import { isMapping } from '../spec.ts';
import type { Findings, Workflow } from '../types.ts';
import { unusedInitKeys } from '../workflow-schema.ts';

const schemes = ['file', 'http', 'https', 'sqlite'];

/** What a schema cannot say about `qlib_init` and `sys`: schemes, folders, keys without effect. */
export function checkInit({ config, cwd, searchPaths }: Workflow): Findings {
  const init = config['qlib_init'];
  if (!isMapping(init)) return { errors: [], warnings: [] };
  const warnings = Object.keys(init)
    .filter((key) => unusedInitKeys.includes(key) && init[key] !== null && init[key] !== false)
    .map(
      (key) =>
        new UserError(`${key} has no effect here`, {
          hint: 'it belongs to the Python program',
          path: ['qlib_init', key],
        }),
    );
  const errors = [...checkFreqs(init['provider_uri']), ...checkUri(init['exp_manager'], cwd)];
  return { errors, warnings: [...warnings, ...absentFolders(config, searchPaths)] };
}

function checkFreqs(provider: unknown): UserError[] {
  if (!isMapping(provider)) return [];
  return Object.keys(provider).flatMap((freq) => {
    if (freq === '__DEFAULT_FREQ') return [];
    try {
      parseFreq(freq, ['qlib_init', 'provider_uri', freq]);
      return [];
    } catch (error) {
      if (error instanceof UserError) return [error];
      throw error;
    }
  });
}

function checkUri(manager: unknown, cwd: string): UserError[] {
  const kwargs = isMapping(manager) ? manager['kwargs'] : undefined;
  const uri = isMapping(kwargs) ? kwargs['uri'] : undefined;
  if (typeof uri !== 'string') return [];
  const path = ['qlib_init', 'exp_manager', 'kwargs', 'uri'];
  const scheme = /^([a-z][a-z\d+.-]+):/i.exec(uri)?.[1]?.toLowerCase();
  if (scheme !== undefined && !schemes.includes(scheme))
    return [
      new UserError(
        `the tracking uri "${withoutPassword(uri).slice(0, 200)}" has the unknown scheme "${scheme}"`,
        {
          hint: `allowed: a folder, file:FOLDER, ${schemes
            .slice(1)
            .map((s) => `${s}:`)
            .join(', ')}`,
          path,
        },
      ),
    ];
  const folder = folderOf(uri, scheme, cwd);
  if (folder !== undefined && existsSync(folder) && !statSync(folder).isDirectory())
    return [
      new UserError(`the store ${folder} is a file, not a folder`, {
        hint: 'runs are recorded in a folder',
        path,
      }),
    ];
  return [];
}

/** Messages end in logs. */
const withoutPassword = (uri: string) => uri.replace(/^([^/]*\/\/[^/@]*):[^/@]*@/, '$1:...@');

/** The folder of a file store; undefined for other stores. */
function folderOf(uri: string, scheme: string | undefined, cwd: string): string | undefined {
  if (uri.includes('\0') || (scheme !== undefined && scheme !== 'file')) return undefined;
  if (/^file:\/\//i.test(uri)) {
    try {
      return fileURLToPath(uri);
    } catch {
      return undefined;
    }
  }
  return resolve(cwd, scheme === 'file' ? uri.slice('file:'.length) : uri);
}

function absentFolders(config: Workflow['config'], searchPaths: readonly string[]): UserError[] {
  const { sys } = config;
  if (!isMapping(sys)) return [];
  const places = ['path', 'rel_path'].flatMap((key) => {
    const value = sys[key];
    if (Array.isArray(value))
      return value.flatMap((v, i) => (typeof v === 'string' ? [['sys', key, i]] : []));
    return typeof value === 'string' ? [['sys', key]] : [];
  });
  return searchPaths.flatMap((folder, i) => {
    const path = places[i] ?? ['sys'];
    if (!existsSync(folder)) return [new UserError(`the folder ${folder} does not exist`, { path })];
    return statSync(folder).isDirectory()
      ? []
      : [new UserError(`${folder} is a file, not a folder`, { path })];
  });
}
