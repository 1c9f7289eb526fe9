import type { Definition } from '../../core/registry.ts';
import type { DataLoader } from '../types.ts';
import { type Join, joinPanels } from './join.ts';
import { readCsvPanel } from './read-csv-panel.ts';
import { staticLoader } from './static-loader.ts';

export interface StaticDataLoaderOptions {
  readonly config: string | Readonly<Record<string, string>>;
  readonly join?: Join;
}

/**
 * Rows out of CSV files: one file, or one a column group, joined by time and instrument. Read when first asked for. Source: qlib
 * `StaticDataLoader`, which reads pickles too; a pickle can run code, so ours does not.
 */
export const StaticDataLoader: Definition<DataLoader, StaticDataLoaderOptions> = {
  name: 'StaticDataLoader',
  schema: {
    type: 'object',
    properties: {
      config: {
        description: 'a .csv file, or one a column group',
        anyOf: [
          { type: 'string' },
          { type: 'object', minProperties: 1, additionalProperties: { type: 'string' } },
        ],
      },
      join: { enum: ['inner', 'outer'], description: 'rows of several files (default outer)' },
    },
    required: ['config'],
    additionalProperties: false,
  },
  create({ config, join = 'outer' }) {
    let loader: DataLoader | undefined;
    const read = () =>
      typeof config === 'string'
        ? readCsvPanel(config, null, ['config'])
        : joinPanels(
            Object.entries(config).map(([group, file]) => readCsvPanel(file, group, ['config', group])),
            join,
          );
    return {
      load(instruments, start, end) {
        loader ??= staticLoader(read());
        return loader.load(instruments, start, end);
      },
    };
  },
};
