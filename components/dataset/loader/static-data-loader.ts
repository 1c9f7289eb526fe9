import type { Context } from '../../core/context.ts';
import { type KeyPath, UserError } from '../../core/errors.ts';
import type { Panel } from '../../core/panel.ts';
import type { Definition } from '../../core/registry.ts';
import type { SeriesTable, Table } from '../../core/table.ts';
import { tableToPanel } from '../../core/table-to-panel.ts';
import type { DataLoader } from '../types.ts';
import { type Join, joinPanels } from './join.ts';
import { readCsvPanel } from './read-csv-panel.ts';
import { staticLoader } from './static-loader.ts';

export interface StaticDataLoaderOptions {
  readonly config: string | Readonly<Record<string, string>>;
  readonly join?: Join;
}

/**
 * Rows out of files: one, or one a column group, joined by time and instrument. A file is CSV, Parquet or a pickle of a DataFrame with the index datetime and
 * instrument; pickles are read without executing anything in them. Read when first asked for. Source: qlib `StaticDataLoader`.
 */
export const StaticDataLoader: Definition<DataLoader, StaticDataLoaderOptions> = {
  name: 'StaticDataLoader',
  schema: {
    type: 'object',
    properties: {
      config: {
        description: 'a .csv, .parquet or .pkl file, or one a column group',
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
  create({ config, join = 'outer' }, context) {
    const read = async () => {
      if (typeof config === 'string') return readPanel(config, null, ['config'], context);
      const panels: Panel[] = [];
      for (const [group, file] of Object.entries(config))
        panels.push(await readPanel(file, group, ['config', group], context));
      return joinPanels(panels, join);
    };
    let loader: Promise<DataLoader> | undefined;
    return {
      async load(instruments, start, end) {
        loader ??= read().then(staticLoader);
        return (await loader).load(instruments, start, end);
      },
    };
  },
};

/** One file; the columns get the group, if there is one. @throws UserError for what holds no panel */
async function readPanel(
  file: string,
  group: string | null,
  path: KeyPath,
  { loadFile }: Context,
): Promise<Panel> {
  if (/\.csv$/i.test(file)) return readCsvPanel(file, group, path);
  if (!loadFile || !/\.(?:pkl|pickle|parquet)$/i.test(file))
    throw new UserError(`can't load "${file}"`, {
      hint: 'a static loader reads .csv, .parquet and .pkl files',
      path,
    });
  let panel: Panel;
  try {
    panel = tableToPanel(tableOf(await loadFile(file)));
  } catch (error) {
    if (error instanceof UserError)
      throw new UserError(`${file}: ${error.problem}`, { hint: error.hint, path, cause: error });
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new UserError(`can't read ${file}`, { hint: 'is the path right?', path, cause: error });
  }
  if (group === null) return panel;
  if (panel.columns.some((c) => c.group !== null))
    throw new UserError(`the columns of ${file} have groups of their own`, {
      hint: 'give the file alone, not under the name of a group',
      path,
    });
  return panel.withColumns(panel.columns.map((c) => ({ ...c, group })));
}

function tableOf(value: unknown): Table | SeriesTable {
  const kind: unknown =
    typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  if (kind === 'frame' || kind === 'series') return value as Table | SeriesTable;
  throw new UserError('holds no DataFrame', { hint: 'with the index levels datetime and instrument' });
}
