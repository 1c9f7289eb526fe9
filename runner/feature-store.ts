import { UserError } from '../components/core/errors.ts';
import type { Log } from '../components/core/log.ts';
import { cacheFolder } from '../components/data/cache/cache-folder.ts';
import { CacheStore } from '../components/data/cache/cache-store.ts';
import type { CachedDataOptions } from '../components/data/cache/cached-provider.ts';
import type { Workflow } from './config/index.ts';
import { systemRefusal } from './system-error.ts';
import type { RunRequest } from './workflow.ts';

/**
 * Where computed features are kept between runs, unless command line or workflow forbid it. Undefined: no cache. A run does not fail for want of one: a folder
 * that cannot be made is told.
 */
export function featureStore(
  { cache, env, home, hooks }: Pick<RunRequest, 'cache' | 'env' | 'home' | 'hooks'>,
  { config }: Workflow,
  log: Pick<Log, 'warn'>,
): Pick<CachedDataOptions, 'store' | 'keeps' | 'computeThreads'> | undefined {
  if ((cache ?? config['cache']) === false) return undefined;
  try {
    const store = new CacheStore(cacheFolder(env, home));
    store.open();
    return { store, keeps: true, computeThreads: hooks?.computeThreads };
  } catch (error) {
    log.warn(
      `nothing is kept between runs: ${refusal(error)}; QRUN_CACHE names another folder, --no-cache asks for none`,
    );
    return undefined;
  }
}

function refusal(error: unknown): string {
  if (error instanceof UserError) return error.problem;
  return systemRefusal(error) ?? (error instanceof Error ? error.message : String(error));
}
