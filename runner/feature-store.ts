import { existsSync } from 'node:fs';
import { cacheFolder } from '../components/data/cache/cache-folder.ts';
import { CacheStore } from '../components/data/cache/cache-store.ts';
import type { Workflow } from './config/index.ts';
import type { RunRequest } from './workflow.ts';

/**
 * Where computed features are kept between runs. Writing the features of a large market takes longer than computing them on a slow disk, so they are put
 * there only where command line or workflow asks for it; what is there is read unless they forbid it. Undefined: no cache.
 */
export function featureStore(
  { cache, env, home }: Pick<RunRequest, 'cache' | 'env' | 'home'>,
  { config }: Workflow,
): { readonly store: CacheStore; readonly keeps: boolean } | undefined {
  const wanted = cache ?? config['cache'];
  if (wanted === false) return undefined;
  const folder = cacheFolder(env, home);
  const keeps = wanted === true;
  return keeps || existsSync(folder) ? { store: new CacheStore(folder), keeps } : undefined;
}
