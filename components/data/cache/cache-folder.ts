import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';

/**
 * Folder of the cache: QRUN_CACHE, else `qrun` in the user's folder of caches.
 * @throws UserError where no variable names one and the user has no folder of his own.
 */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  if (env['QRUN_CACHE']) return env['QRUN_CACHE'];
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'qrun');
  if (home === '')
    throw new UserError('no folder for the cache: HOME is not set', {
      hint: 'set QRUN_CACHE to a folder',
    });
  return join(home, '.cache', 'qrun');
}
