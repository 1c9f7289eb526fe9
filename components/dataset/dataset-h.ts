import type { Context } from '../core/context.ts';
import { type KeyPath, UserError } from '../core/errors.ts';
import { unknownName } from '../core/nearest.ts';
import type { Panel } from '../core/panel.ts';
import type { Definition, Schema } from '../core/registry.ts';
import { parsePeriod, readSegment } from './time-option.ts';
import type { ColumnSet, DataHandler, DataKey, Dataset, FeatureBlocks, Segment } from './types.ts';

export interface DatasetHOptions {
  readonly handler: unknown;
  readonly segments: Readonly<Record<string, unknown>>;
  readonly fetch_kwargs?: Readonly<Record<string, unknown>>;
}

export interface PrepareOptions {
  readonly colSet?: ColumnSet;
  readonly dataKey?: DataKey;
}

/** Schema of one segment: `[start, end]`; null is open. */
const segmentSchema: Schema = {
  description: '[first day, last day], both included; null leaves an end open',
  anyOf: [{ type: 'array', minItems: 2, maxItems: 2, items: { date: true } }, { type: 'string' }],
};

/** Kwargs of DatasetH. */
export const datasetHProperties: Readonly<Record<string, Schema>> = {
  handler: { component: 'handler', description: 'where the data comes from' },
  segments: { type: 'object', additionalProperties: segmentSchema },
  fetch_kwargs: {
    type: 'object',
    properties: { squeeze: { type: 'boolean' } },
    additionalProperties: false,
    description: 'squeeze: no effect, a panel of one column is its own series',
  },
};

/** A handler with named segments of time. Source: qlib `DatasetH`. */
export class DatasetH implements Dataset {
  readonly segments: ReadonlyMap<string, Segment>;

  constructor(
    readonly handler: DataHandler,
    segments: Readonly<Record<string, unknown>>,
  ) {
    this.segments = new Map(
      Object.entries(segments).map(([name, value]) => [name, readSegment(value, ['segments', name])]),
    );
  }

  setup(): Promise<void> {
    return this.handler.setup();
  }

  /**
   * Rows of a segment: by its name, by start and end, or by the day, month or year that a text names (a segment's name comes first).
   * @throws UserError for a name that is neither, an unknown column group or data key.
   */
  prepare(segment: string | Segment, options?: PrepareOptions): Promise<Panel>;
  /** Several named segments, in that order; two dates are one segment, its first and last day, as in qlib. */
  prepare(segments: readonly (string | null)[], options?: PrepareOptions): Promise<Panel | Panel[]>;
  async prepare(
    segments: string | Segment | readonly (string | null)[],
    options: PrepareOptions = {},
  ): Promise<Panel | Panel[]> {
    if (!isList(segments)) return this.handler.fetch(this.segment(segments), options);
    const isName = (name: string | null) => name !== null && this.segments.has(name);
    if (segments.length === 2 && !segments.some(isName))
      return this.handler.fetch(readSegment(segments), options);
    const named = segments.map((name) => {
      const found = name === null ? undefined : this.segments.get(name);
      if (!found) throw this.#unknown(String(name));
      return found;
    });
    const panels: Panel[] = [];
    for (const segment of named) panels.push(await this.handler.fetch(segment, options));
    return panels;
  }

  async blocks(): Promise<FeatureBlocks | null> {
    return (await this.handler.blocks?.()) ?? null;
  }

  /** The segment of a name, see `prepare`. */
  segment(given: string | Segment): Segment {
    if (typeof given !== 'string') return readSegment(given);
    const found = this.segments.get(given) ?? parsePeriod(given);
    if (!found) throw this.#unknown(given);
    return found;
  }

  #unknown(name: string): UserError {
    return unknownName('segment', name, [...this.segments.keys()], ['segments']);
  }

  /** First day of all segments; null where one is open (qlib's `get_min_time`). */
  minTime(): number | null {
    return extreme(
      [...this.segments.values()].map(({ start }) => start),
      Math.min,
    );
  }

  /** Last day of all segments; null where one is open (qlib's `get_max_time`). */
  maxTime(): number | null {
    return extreme(
      [...this.segments.values()].map(({ end }) => end),
      Math.max,
    );
  }
}

function isList(value: string | Segment | readonly (string | null)[]): value is readonly (string | null)[] {
  return Array.isArray(value);
}

function extreme(times: readonly (number | null)[], pick: (...times: number[]) => number): number | null {
  const known = times.filter((time) => time !== null);
  return known.length < times.length || known.length === 0 ? null : pick(...known);
}

/** Builds the handler of a dataset's kwargs. */
export async function handlerOf(options: DatasetHOptions, context: Context, path: KeyPath = ['handler']) {
  if (options.handler === undefined || options.handler === null)
    throw new UserError('the dataset has no handler', { path });
  return context.build('handler', options.handler, path);
}

/** `DatasetH` of a config. */
export const DatasetHDefinition: Definition<Dataset, DatasetHOptions> = {
  name: 'DatasetH',
  schema: {
    type: 'object',
    properties: datasetHProperties,
    required: ['handler', 'segments'],
    additionalProperties: false,
  },
  check: ({ segments }) => {
    for (const [name, value] of Object.entries(segments)) readSegment(value, ['segments', name]);
  },
  create: async (options, context) => new DatasetH(await handlerOf(options, context), options.segments),
};
