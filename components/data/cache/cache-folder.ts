import { join } from 'node:path';

/** Folder of the cache: QRUN_CACHE, else `qrun` in the user's folder of caches. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  return env['QRUN_CACHE'] || join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'qrun');
}
