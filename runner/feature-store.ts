import { cacheFolder } from '../components/data/cache/cache-folder.ts';
import { CacheStore } from '../components/data/cache/cache-store.ts';
import type { Workflow } from './config/index.ts';
import type { RunRequest } from './workflow.ts';

/** Where computed features are kept between runs; undefined where neither command line nor workflow asks for it. */
export function featureStore(
  { cache, env, home }: Pick<RunRequest, 'cache' | 'env' | 'home'>,
  { config }: Workflow,
): CacheStore | undefined {
  return (cache ?? config['cache'] === true) ? new CacheStore(cacheFolder(env, home)) : undefined;
}
