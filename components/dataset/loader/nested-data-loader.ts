import type { Panel, PanelColumn } from '../../core/panel.ts';
import type { Definition } from '../../core/registry.ts';
import type { DataLoader } from '../types.ts';
import { type Join, joinPanels } from './join.ts';
import { AbsentInstrument } from './static-loader.ts';

export interface NestedDataLoaderOptions {
  readonly dataloader_l: readonly unknown[];
  readonly join?: Join;
}

/**
 * Several loaders side by side: a column of a later loader replaces that of the same name before it; columns are sorted by group and
 * name. Source: qlib `NestedDataLoader`.
 */
export const NestedDataLoader: Definition<DataLoader, NestedDataLoaderOptions> = {
  name: 'NestedDataLoader',
  schema: {
    type: 'object',
    properties: {
      dataloader_l: {
        type: 'array',
        minItems: 1,
        items: { component: 'loader', defaultModule: 'qlib.data.dataset.loader' },
      },
      join: { enum: ['left', 'right', 'inner', 'outer'], description: 'rows that stay (default left)' },
    },
    required: ['dataloader_l'],
    additionalProperties: false,
  },
  async create({ dataloader_l: specs, join = 'left' }, context) {
    // qlib: a loader that does not know the instruments gives all that it has
    const loadOrAll = async (
      loader: DataLoader,
      ...[instruments, start, end]: Parameters<DataLoader['load']>
    ) => {
      try {
        return await loader.load(instruments, start, end);
      } catch (error) {
        if (!(error instanceof AbsentInstrument)) throw error;
        context.log.warn(`${error.problem}: all instruments of that loader are taken`);
        return loader.load(null, start, end);
      }
    };
    const loaders: DataLoader[] = [];
    for (const [i, spec] of specs.entries())
      loaders.push(await context.build('loader', spec, ['dataloader_l', i]));
    return {
      fresh: loaders.every((loader) => loader.fresh === true),
      async load(instruments, start, end) {
        let all: Panel | undefined;
        for (const loader of loaders) {
          const panel = await loadOrAll(loader, instruments, start, end);
          all = all ? merge(all, panel, join) : panel;
        }
        return all!.withColumns([...all!.columns].sort(byName));
      },
    };
  },
};

function merge(before: Panel, panel: Panel, join: Join): Panel {
  const replaced = new Set(panel.columns.map(labelOf));
  const kept = before.select((column) => !replaced.has(labelOf(column)));
  return joinPanels([kept, panel], join);
}

function labelOf({ group, name }: PanelColumn): string {
  return JSON.stringify([group, name]);
}

function byName(a: PanelColumn, b: PanelColumn): number {
  const left = [a.group ?? '', a.name];
  const right = [b.group ?? '', b.name];
  for (let i = 0; i < 2; i++) if (left[i] !== right[i]) return left[i]! < right[i]! ? -1 : 1;
  return 0;
}
