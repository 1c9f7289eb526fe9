import { lowerBound } from '../core/dates.ts';
import { UserError } from '../core/errors.ts';
import { denseValues, type Panel } from '../core/panel.ts';
import type { Definition } from '../core/registry.ts';
import { rawColumns } from './column-set.ts';
import {
  DatasetH,
  type DatasetHOptions,
  datasetHProperties,
  handlerOf,
  type PrepareOptions,
} from './dataset-h.ts';
import { readSegment } from './time-option.ts';
import { type FillType, TSDataSampler } from './ts-data-sampler.ts';
import type { DataHandler, Dataset, Segment } from './types.ts';

export interface TSDatasetHOptions extends DatasetHOptions {
  readonly step_len?: number;
  readonly flt_col?: string | null;
}

export interface SampleOptions extends PrepareOptions {
  readonly fillType?: FillType;
  readonly dtype?: 'float32' | 'float64';
  /** Column group of one column that says which rows are samples; default: `flt_col` of the dataset. */
  readonly filterColumn?: string | null;
}

/**
 * A dataset whose samples are windows of days. `prepare` gives the rows of a segment, as DatasetH does; `samples` gives the windows that end
 * in it, which reach back before its start. Source: qlib `TSDatasetH`, whose `prepare` gives what `samples` gives here.
 */
export class TSDatasetH extends DatasetH {
  constructor(
    handler: DataHandler,
    segments: Readonly<Record<string, unknown>>,
    readonly stepLen: number = 30,
    readonly filterColumn: string | null = null,
  ) {
    super(handler, segments);
  }

  /** Windows that end in a segment. @throws UserError for an unknown segment, and for a filter that is not one column. */
  async samples(segment: string | Segment, options: SampleOptions = {}): Promise<TSDataSampler> {
    const { fillType, dtype, filterColumn = this.filterColumn, ...fetch } = options;
    const own = this.segment(segment);
    const reach = { start: await this.#startBefore(own), end: own.end };
    const panel = await this.handler.fetch(reach, fetch);
    const filter = filterColumn === null ? undefined : await this.#filter(reach, filterColumn, options);
    return new TSDataSampler(panel, own, { stepLen: this.stepLen, fillType, dtype, filter });
  }

  /** As many days before the segment as a window has rows. */
  async #startBefore({ start }: Segment): Promise<number | null> {
    if (start === null) return null;
    const { index } = await this.handler.fetch({ start: null, end: null }, { colSet: rawColumns });
    const first = Math.max(0, lowerBound(index.times, start) - this.stepLen);
    return index.times[first] ?? start;
  }

  async #filter(reach: Segment, filterColumn: string, options: PrepareOptions) {
    const panel: Panel = await this.handler.fetch(reach, {
      colSet: filterColumn,
      ...(options.dataKey ? { dataKey: options.dataKey } : {}),
    });
    const [column, ...more] = panel.columns;
    if (!column || more.length > 0)
      throw new UserError(`the filter "${filterColumn}" has ${panel.columns.length} columns`, {
        hint: 'name a column group with one column, true where a row is a sample',
        path: ['flt_col'],
      });
    return denseValues(column);
  }
}

/** `TSDatasetH` of a config. */
export const TSDatasetHDefinition: Definition<Dataset, TSDatasetHOptions> = {
  name: 'TSDatasetH',
  schema: {
    type: 'object',
    properties: {
      ...datasetHProperties,
      step_len: { type: 'integer', minimum: 1, description: 'days of a window (default 30)' },
      flt_col: { type: ['string', 'null'], description: 'column group that says which rows are samples' },
    },
    required: ['handler', 'segments'],
    additionalProperties: false,
  },
  check: ({ segments }) => {
    for (const [name, value] of Object.entries(segments)) readSegment(value, ['segments', name]);
  },
  create: async (options, context) =>
    new TSDatasetH(
      await handlerOf(options, context),
      options.segments,
      options.step_len ?? 30,
      options.flt_col ?? null,
    ),
};
