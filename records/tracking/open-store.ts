import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../../components/core/errors.ts';
import { homeFolder } from '../../components/core/home-folder.ts';
import { cacheFolder } from '../../components/data/cache/cache-folder.ts';
import type { TrackingStore } from './store.ts';

/**
 * Opens the store that a tracking uri names: a folder (`mlruns`, `file:mlruns`, `file:///abs/mlruns`), a SQLite file (`sqlite:///path.db`)
 * or a server (`http://host:port`).
 * `env` gives the names that a server asks for: MLFLOW_TRACKING_USERNAME, _PASSWORD, _TOKEN, and the folder of the cache: QRUN_CACHE.
 * @throws UserError for other schemes.
 */
export async function openStore(
  uri: string,
  now: () => number,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<TrackingStore> {
  const folder = folderOf(uri);
  if (folder !== undefined) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
      throw new UserError(`the store ${folder} is a file, not a folder`, {
        hint: 'a SQLite file is written sqlite:///FILE',
      });
    const { FileStore } = await import('./file/file-store.ts');
    return new FileStore(uri, folder, now, indexFolderOf(env));
  }
  const database = sqlitePath(uri);
  if (database !== undefined) {
    const { SqliteStore } = await import('./sqlite/sqlite-store.ts');
    return new SqliteStore(uri, database, now);
  }
  if (/^https?:/i.test(uri)) {
    const [{ HttpStore }, { RestClient, credentialsOf }] = await Promise.all([
      import('./http/http-store.ts'),
      import('./http/rest-client.ts'),
    ]);
    return new HttpStore(uri, new RestClient(uri, credentialsOf(env)));
  }
  throw new UserError(`tracking uri ${JSON.stringify(uri)} is of a kind that is not known`, {
    hint: 'use a folder, such as mlruns or file:///data/mlruns, a SQLite file, such as sqlite:///runs.db, or a server, such as http://host:5000',
  });
}

/** Without a folder for the cache, lists are read anew each time. */
function indexFolderOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  try {
    return runIndexFolder(env, homeFolder());
  } catch {
    return undefined;
  }
}

/** Where in the cache stands what long searches of folders of runs read. */
export function runIndexFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  return join(cacheFolder(env, home), 'runs');
}

/** The absolute file that `sqlite:///relative.db` or `sqlite:////absolute.db` names, SQLAlchemy's way; undefined for another scheme. */
export function sqlitePath(uri: string): string | undefined {
  if (!/^sqlite:/i.test(uri)) return undefined;
  const path = /^sqlite:\/\/\/([^?#\0]+)$/i.exec(uri)?.[1];
  if (path === undefined || path === ':memory:')
    throw new UserError(`tracking uri ${JSON.stringify(uri)} names no file`, {
      hint: 'write sqlite:///runs.db for a file in the working folder, sqlite:////data/runs.db for any other',
    });
  return resolve(path);
}

/** The absolute folder that a uri names; undefined for a uri of another scheme. */
export function folderOf(uri: string): string | undefined {
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]+):/.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined) return localPath(uri);
  if (scheme !== 'file') return undefined;
  const rest = uri.slice(5);
  const host = /^\/\/([^/]*)/.exec(rest)?.[1];
  if (host !== undefined && host !== '' && host !== 'localhost')
    throw new UserError(`tracking uri ${JSON.stringify(uri)} names the host "${host}"`, {
      hint: 'a folder of this machine is written file:///folder or file:folder',
    });
  const path = host === undefined ? rest : rest.slice(2 + host.length);
  try {
    return localPath(decodeURIComponent(path));
  } catch {
    return localPath(path);
  }
}

function localPath(path: string): string {
  if (path === '')
    throw new UserError('the tracking uri is empty', { hint: 'name a folder, such as mlruns' });
  if (path.includes('\0')) throw new UserError('the tracking uri has a NUL character');
  return resolve(path === '~' || path.startsWith('~/') ? join(homeFolder(), path.slice(1)) : path);
}
