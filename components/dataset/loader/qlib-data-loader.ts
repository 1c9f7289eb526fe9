import type { Context } from '../../core/context.ts';
import { type KeyPath, UserError } from '../../core/errors.ts';
import type { Panel } from '../../core/panel.ts';
import type { Definition } from '../../core/registry.ts';
import type { FeatureRequest, FieldSpec, InstrumentsSpec } from '../../data/provider.ts';
import type { DataLoader, InstProcessor } from '../types.ts';
import { loaderConfigSchema, readLoaderConfig } from './fields.ts';
import { applyInstProcessors } from './inst-processors.ts';
import { joinPanels } from './join.ts';

export interface QlibDataLoaderOptions {
  readonly config: unknown;
  readonly filter_pipe?: readonly unknown[] | null;
  readonly swap_level?: boolean;
  readonly freq?: string | Readonly<Record<string, string>>;
  readonly inst_processors?: readonly unknown[] | Readonly<Record<string, readonly unknown[]>> | null;
}

/** Kwargs of a QlibDataLoader beside `config`. */
export const qlibDataLoaderProperties = {
  filter_pipe: { type: ['array', 'null'], description: 'filters of the market, as in D.instruments' },
  swap_level: { type: 'boolean', description: "qlib's row order; panels are always sorted by time" },
  freq: {
    description: 'day, 1min, or one a column group',
    anyOf: [{ type: 'string' }, { type: 'object', additionalProperties: { type: 'string' } }],
  },
  inst_processors: {
    description: 'processors over the rows of one instrument, or such lists by column group',
    anyOf: [
      { type: 'null' },
      { type: 'array', items: { component: 'instProcessor' } },
      { type: 'object', additionalProperties: { type: 'array', items: { component: 'instProcessor' } } },
    ],
  },
} as const;

interface Part {
  readonly group: string | null;
  readonly fields: readonly FieldSpec[];
  readonly freq: string;
  readonly processors: readonly InstProcessor[];
}

/**
 * Makes the loader of `DataHandler` configs: expressions by column group, computed by the data layer. Groups of one frequency and
 * without processors of their own are computed together; others are joined by time and instrument (outer).
 * Source: qlib `QlibDataLoader`. @throws UserError for fields, freq or inst_processors that do not fit together.
 */
export async function openQlibDataLoader(
  options: QlibDataLoaderOptions,
  context: Context,
  path: KeyPath = ['config'],
): Promise<DataLoader> {
  const groups = readLoaderConfig(options.config, path);
  const parts: Part[] = [];
  for (const [group, fields] of groups)
    parts.push({
      group,
      fields,
      freq: freqOf(options.freq, group),
      processors: await instProcessorsOf(options.inst_processors, group, context),
    });
  return {
    fresh: true,
    async load(instruments, start, end) {
      const spec = instrumentsOf(instruments, options.filter_pipe, context);
      const panels: Panel[] = [];
      // qlib remembers the members of a market from the frequency that was asked for first
      const membersFreq = parts[0]?.freq;
      for (const batch of batches(parts))
        panels.push(await loadBatch(batch, { instruments: spec, start, end, membersFreq }, context));
      return joinPanels(panels, 'outer');
    },
    async open(instruments, start, end) {
      const [batch, ...others] = batches(parts);
      if (!batch || others.length > 0 || batch[0]!.processors.length > 0) return null;
      const spec = instrumentsOf(instruments, options.filter_pipe, context);
      const fields = batch.flatMap((part) => part.fields);
      return (
        (await context.data.openFeatures?.({
          ...{ instruments: spec, fields, start, end },
          freq: batch[0]!.freq,
        })) ?? null
      );
    },
  };
}

/** Neighbouring parts that one request can answer. */
function batches(parts: readonly Part[]): Part[][] {
  const found: Part[][] = [];
  for (const part of parts) {
    const last = found.at(-1);
    const plain = part.processors.length === 0 && (last?.[0]?.processors.length ?? 0) === 0;
    if (last && plain && last[0]!.freq === part.freq) last.push(part);
    else found.push([part]);
  }
  return found;
}

async function loadBatch(
  batch: readonly Part[],
  rows: Pick<FeatureRequest, 'instruments' | 'start' | 'end' | 'membersFreq'>,
  { data, log }: Context,
): Promise<Panel> {
  const [first] = batch;
  const panel = await data.features({
    ...rows,
    fields: batch.flatMap(({ fields }) => fields),
    freq: first!.freq,
    onProgress: (share) => log.progress('compute features', share),
  });
  return applyInstProcessors(panel, first!.processors);
}

function freqOf(freq: QlibDataLoaderOptions['freq'], group: string | null): string {
  if (freq === undefined || freq === null) return 'day';
  if (typeof freq === 'string') return freq;
  const own = group === null ? undefined : freq[group];
  if (own !== undefined) return own;
  throw new UserError(`freq does not name the column group "${group}"`, {
    hint: `given: ${Object.keys(freq).join(', ')}`,
    path: ['freq'],
  });
}

async function instProcessorsOf(
  specs: QlibDataLoaderOptions['inst_processors'],
  group: string | null,
  context: Context,
): Promise<InstProcessor[]> {
  const isList = Array.isArray(specs);
  const own: readonly unknown[] = isList
    ? specs
    : ((specs as Record<string, unknown[]>)?.[group ?? ''] ?? []);
  const path: KeyPath = isList ? ['inst_processors'] : ['inst_processors', group ?? ''];
  const built: InstProcessor[] = [];
  for (const [i, spec] of own.entries()) built.push(await context.build('instProcessor', spec, [...path, i]));
  return built;
}

function instrumentsOf(
  instruments: unknown,
  filterPipe: QlibDataLoaderOptions['filter_pipe'],
  { log }: Context,
): InstrumentsSpec {
  if (instruments === null || instruments === undefined) {
    log.warn('instruments is not set: all instruments are loaded');
    return filterPipe ? { market: 'all', filter_pipe: filterPipe } : 'all';
  }
  if (typeof instruments === 'string')
    return filterPipe ? { market: instruments, filter_pipe: filterPipe } : instruments;
  if (filterPipe) log.warn('filter_pipe is ignored: it works with the name of a market only');
  return instruments as InstrumentsSpec;
}

export const QlibDataLoader: Definition<DataLoader, QlibDataLoaderOptions> = {
  name: 'QlibDataLoader',
  schema: {
    type: 'object',
    properties: { config: loaderConfigSchema, ...qlibDataLoaderProperties },
    required: ['config'],
    additionalProperties: false,
  },
  check: ({ config, freq }) => {
    for (const group of readLoaderConfig(config, ['config']).keys()) freqOf(freq, group);
  },
  create: (options, context) => openQlibDataLoader(options, context),
};
