import type { Context } from '../../core/context.ts';
import type { Time } from '../../core/dates.ts';
import type { Panel } from '../../core/panel.ts';
import type { Definition, Schema } from '../../core/registry.ts';
import { allColumns, selectColumns } from '../column-set.ts';
import { endOfDay, readEnd, readStart } from '../time-option.ts';
import type {
  ColumnSet,
  DataKey,
  DataLoader,
  FeatureBlocks,
  DataHandler as Handler,
  Segment,
} from '../types.ts';

export interface DataHandlerOptions {
  readonly instruments?: unknown;
  readonly start_time?: unknown;
  readonly end_time?: unknown;
  readonly data_loader?: unknown;
  readonly init_data?: boolean;
  readonly fetch_orig?: boolean;
}

/** Kwargs that every handler has. */
export const dataHandlerProperties: Readonly<Record<string, Schema>> = {
  instruments: {
    description: 'name of a market, list of instruments, or {market, filter_pipe}; null: all',
    anyOf: [
      { type: ['string', 'null'] },
      { type: 'array', items: { type: 'string' } },
      { type: 'object', properties: { market: { type: 'string' }, filter_pipe: { type: 'array' } } },
    ],
  },
  start_time: { date: true, description: 'first day to load; null: the first of the calendar' },
  end_time: { date: true, description: 'last day to load; null: the last of the calendar' },
  init_data: { type: 'boolean', description: 'no effect: data is loaded when it is first asked for' },
  fetch_orig: { type: 'boolean', description: 'no effect: fetching never copies' },
};

/** Schema of a `data_loader`. */
export const dataLoaderSchema: Schema = {
  component: 'loader',
  defaultModule: 'qlib.data.dataset.loader',
};

/** The panel of a loader, loaded once. Source: qlib `DataHandler`. */
export class DataHandler implements Handler {
  protected readonly start: Time | null;
  protected readonly end: Time | null;
  #ready: Promise<void> | undefined;
  #panel: Panel | undefined;

  constructor(
    protected readonly loader: DataLoader,
    protected readonly options: DataHandlerOptions,
    protected readonly context: Context,
  ) {
    this.start = readStart(options.start_time, ['start_time']);
    this.end = readEnd(options.end_time, ['end_time']);
  }

  /** Loads on the first call; later calls wait for the same load. */
  setup(): Promise<void> {
    this.#ready ??= this.prepare();
    return this.#ready;
  }

  async fetch(segment: Segment, options: { colSet?: ColumnSet; dataKey?: DataKey } = {}): Promise<Panel> {
    const { colSet = allColumns, dataKey = 'infer' } = options;
    const view = await this.view(dataKey, colSet);
    return selectColumns(view, colSet).between(segment.start, endOfDay(segment.end));
  }

  async columns(colSet: ColumnSet = allColumns) {
    const view = await this.view('infer', colSet);
    return selectColumns(view, colSet).columns.map(({ group, name }) => ({ group, name }));
  }

  /** This handler holds its features whole. */
  async blocks(): Promise<FeatureBlocks | null> {
    return null;
  }

  /** The whole panel of a key, at least the columns of the set: this handler has one panel for all keys. */
  async view(_key: DataKey, _colSet: ColumnSet = allColumns): Promise<Panel> {
    await this.setup();
    return this.#panel!;
  }

  protected async prepare(): Promise<void> {
    this.#panel = await this.load();
  }

  protected load(): Promise<Panel> {
    return this.loader.load(this.options.instruments ?? null, this.start, this.end);
  }
}

/** `DataHandler` of a config. */
export const DataHandlerDefinition: Definition<Handler, DataHandlerOptions> = {
  name: 'DataHandler',
  schema: {
    type: 'object',
    properties: { ...dataHandlerProperties, data_loader: dataLoaderSchema },
    required: ['data_loader'],
    additionalProperties: false,
  },
  create: async (options, context) =>
    new DataHandler(await context.build('loader', options.data_loader, ['data_loader']), options, context),
};
