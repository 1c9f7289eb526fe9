import type { Context } from '../../core/context.ts';
import type { Definition } from '../../core/registry.ts';
import type { FieldSpec } from '../../data/provider.ts';
import { alpha158Features } from '../handler/alpha158-features.ts';
import { alpha360Features } from '../handler/alpha360-features.ts';
import type { DataLoader } from '../types.ts';
import { loaderConfigSchema } from './fields.ts';
import {
  openQlibDataLoader,
  type QlibDataLoaderOptions,
  qlibDataLoaderProperties,
} from './qlib-data-loader.ts';

export interface AlphaLoaderOptions extends Omit<QlibDataLoaderOptions, 'config'> {
  /** Groups beside `feature`, such as `label`; a group `feature` replaces the built-in one. */
  readonly config?: Readonly<Record<string, unknown>> | null;
}

/** Loader of the features of Alpha158. Source: qlib contrib/data/loader.py. */
export const Alpha158DL = alphaLoader('Alpha158DL', () => alpha158Features());

/** Loader of the features of Alpha360. Source: qlib contrib/data/loader.py. */
export const Alpha360DL = alphaLoader('Alpha360DL', alpha360Features);

function alphaLoader(name: string, features: () => FieldSpec[]): Definition<DataLoader, AlphaLoaderOptions> {
  return {
    name,
    schema: {
      type: 'object',
      properties: { config: { anyOf: [{ type: 'null' }, loaderConfigSchema] }, ...qlibDataLoaderProperties },
      additionalProperties: false,
    },
    create({ config, ...options }, context: Context) {
      const fields = features();
      const feature = [fields.map(({ expression }) => expression), fields.map((f) => f.name)];
      return openQlibDataLoader({ ...options, config: { feature, ...config } }, context);
    },
  };
}
