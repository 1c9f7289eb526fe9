import { cacheFolder } from '../components/data/cache/cache-folder.ts';
import { CacheStore } from '../components/data/cache/cache-store.ts';
import type { Workflow } from './config/index.ts';
import type { RunRequest } from './workflow.ts';

/**
 * Where computed features are kept between runs, unless command line or workflow forbid it. Undefined: no cache.
 */
export function featureStore(
  { cache, env, home }: Pick<RunRequest, 'cache' | 'env' | 'home'>,
  { config }: Workflow,
): { readonly store: CacheStore; readonly keeps: boolean } | undefined {
  if ((cache ?? config['cache']) === false) return undefined;
  return { store: new CacheStore(cacheFolder(env, home)), keeps: true };
}
