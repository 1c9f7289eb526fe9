import { cacheFolder } from '../../components/data/cache/cache-folder.ts';
import { CacheStore } from '../../components/data/cache/cache-store.ts';
import { KeptModels } from './kept-models.ts';
import { type ModelKeyOptions, modelKey } from './model-key.ts';

const mostBytes = 256 * 1024 ** 2;

/** The part of the cache that holds trained models. */
export function modelStore(env: Readonly<Record<string, string | undefined>>, home: string): CacheStore {
  return new CacheStore(cacheFolder(env, home), mostBytes, 'models');
}

/** Where the model of a workflow is kept between runs; undefined for one that must be trained each time. */
export function openKeptModels(
  options: ModelKeyOptions & {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly home: string;
  },
): KeptModels | undefined {
  const key = modelKey(options);
  return key && new KeptModels(modelStore(options.env, options.home), key);
}
