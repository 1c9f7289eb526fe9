import { UserError } from '../../core/errors.ts';
import type { Panel } from '../../core/panel.ts';
import type { Definition } from '../../core/registry.ts';
import type { ColumnSet, DataHandler, DataKey, DataLoader } from '../types.ts';
import { joinPanels } from './join.ts';

export interface DataLoaderDHOptions {
  /** A handler, or handlers by group where `is_group` is set. */
  readonly handler_config: unknown;
  readonly fetch_kwargs?: { readonly col_set?: ColumnSet; readonly data_key?: DataKey };
  readonly is_group?: boolean;
}

/**
 * Loads what handlers have made: the columns of one, or those of several side by side, each under its group's name (rows of any of them).
 * `instruments` of the load are ignored, as in qlib, with a warning. Source: qlib `DataLoaderDH`.
 * @throws UserError for grouped handlers whose columns have groups of their own, a third level that panels do not have
 */
export const DataLoaderDH: Definition<DataLoader, DataLoaderDHOptions> = {
  name: 'DataLoaderDH',
  schema: {
    type: 'object',
    properties: {
      handler_config: {
        description: 'a handler, or with is_group handlers by name of the group',
        anyOf: [{ type: 'object' }, { type: 'string' }],
      },
      fetch_kwargs: {
        type: 'object',
        properties: {
          col_set: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
          data_key: { enum: ['raw', 'infer', 'learn'] },
        },
        additionalProperties: false,
      },
      is_group: { type: 'boolean' },
    },
    required: ['handler_config'],
    additionalProperties: false,
  },
  async create({ handler_config: config, fetch_kwargs: fetch = {}, is_group: isGroup = false }, context) {
    const { col_set: colSet = '__raw', data_key: dataKey = 'infer' } = fetch;
    const specs = isGroup
      ? Object.entries(config as Readonly<Record<string, unknown>>)
      : [[null, config] as const];
    const handlers: { group: string | null; handler: DataHandler }[] = [];
    for (const [group, spec] of specs) {
      const path = group === null ? ['handler_config'] : ['handler_config', group];
      handlers.push({ group, handler: await context.build('handler', spec, path) });
    }
    let isTold = false;
    return {
      async load(instruments, start, end) {
        if (instruments !== null && instruments !== undefined && !isTold) {
          isTold = true;
          context.log.warn('DataLoaderDH ignores instruments: its handlers have their own');
        }
        const panels: Panel[] = [];
        for (const { group, handler } of handlers) {
          await handler.setup();
          const panel = await handler.fetch({ start, end }, { colSet, dataKey });
          panels.push(group === null ? panel : grouped(panel, group));
        }
        return joinPanels(panels, 'outer');
      },
    };
  },
};

function grouped(panel: Panel, group: string): Panel {
  if (panel.columns.some((c) => c.group !== null))
    throw new UserError(`the columns of the handler "${group}" have groups of their own`, {
      hint: 'fetch_kwargs: {col_set: feature} takes one group, without its name',
      path: ['fetch_kwargs', 'col_set'],
    });
  return panel.withColumns(panel.columns.map((c) => ({ ...c, group })));
}
