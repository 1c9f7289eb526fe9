import { cacheFolder } from '../components/data/cache/cache-folder.ts';
import { CacheStore } from '../components/data/cache/cache-store.ts';
import type { CachedDataOptions } from '../components/data/cache/cached-provider.ts';
import type { Workflow } from './config/index.ts';
import type { RunRequest } from './workflow.ts';

/**
 * Where computed features are kept between runs, unless command line or workflow forbid it. Undefined: no cache.
 */
export function featureStore(
  { cache, env, home, hooks }: Pick<RunRequest, 'cache' | 'env' | 'home' | 'hooks'>,
  { config }: Workflow,
): Pick<CachedDataOptions, 'store' | 'keeps' | 'computeThreads'> | undefined {
  if ((cache ?? config['cache']) === false) return undefined;
  return {
    store: new CacheStore(cacheFolder(env, home)),
    keeps: true,
    computeThreads: hooks?.computeThreads,
  };
}
