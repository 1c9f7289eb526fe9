import type { Time } from '../core/dates.ts';
import type { Panel, PanelIndex } from '../core/panel.ts';
import type { Operators } from './expression/parse.ts';

/** Where an instrument belongs to a market: both ends included, as qlib's instrument files say. */
export interface Span {
  readonly start: Time;
  readonly end: Time;
}

/** Instruments and their spans, in the file's order. */
export type InstrumentSpans = ReadonlyMap<string, readonly Span[]>;

/** `all`, `{market: csi300, filter_pipe: [...]}`, a list of codes, or ready spans: what qlib's D.features accepts. */
export type InstrumentsSpec =
  | string
  | readonly string[]
  | { readonly market: string; readonly filter_pipe?: readonly unknown[] }
  | InstrumentSpans;

/** Fields to compute: expressions with the names of their columns. */
export interface FieldSpec {
  readonly group: string | null;
  readonly name: string;
  readonly expression: string;
}

export interface FeatureRequest {
  readonly instruments: InstrumentsSpec;
  readonly fields: readonly FieldSpec[];
  /** Null: the calendar's first or last day. */
  readonly start: Time | null;
  readonly end: Time | null;
  /** qlib's freq text, `day`, `1min`. */
  readonly freq?: string;
  /** The frequency whose market files say who belongs to a market, where it is another one. */
  readonly membersFreq?: string | undefined;
  /** Called with the share done, in [0, 1]. */
  readonly onProgress?: (share: number) => void;
}

/** Features whose rows are known and whose columns are computed when asked for. */
export interface ColumnSource {
  /** The rows of all fields. */
  readonly index: PanelIndex;
  readonly fields: readonly FieldSpec[];
  /** All fields in groups that share most of their computations: asked for together they take less time. */
  readonly families: readonly (readonly number[])[];
  /** Computes the columns of `fields` (by index), `(rows)` each, into `out` on shared memory. The same bits as those of `features`. */
  fill(
    fields: readonly number[],
    out: readonly Float32Array[],
    onProgress?: (share: number) => void,
  ): Promise<void>;
}

/** Reads a data folder: qlib's `D`, as a value. One is made by `openData(folder)` in ./folder-provider.ts. */
export interface DataProvider {
  /** The folder, for messages. */
  readonly folder: string;
  /** Trading times in [start, end]; with `future`, those of the `_future` calendar where it exists. */
  calendar(options?: {
    start?: Time | null;
    end?: Time | null;
    freq?: string;
    future?: boolean;
  }): Promise<Float64Array>;
  /** Names of the market files: `all`, `csi300`. */
  markets(): Promise<string[]>;
  /** Instruments with spans cut to [start, end], filters applied; those without a day left are dropped. */
  instruments(
    spec: InstrumentsSpec,
    options?: { start?: Time | null; end?: Time | null; freq?: string; membersFreq?: string | undefined },
  ): Promise<InstrumentSpans>;
  /** Field names of one instrument: `close`, `open` (without `$`). */
  fields(instrument: string, freq?: string): Promise<string[]>;
  /**
   * Expressions as float32 columns, rows (datetime, instrument) sorted: qlib's `D.features` after `swaplevel().sort_index()`.
   * Days outside an instrument's spans have no row. Computed by worker threads straight into shared columns, which belong to the caller
   * alone: handlers write over them.
   * @throws UserError naming expression and character for bad syntax or operators; instrument and field for broken data.
   */
  features(request: FeatureRequest): Promise<Panel>;
  /** The same features, to be computed some columns at a time. Null: these can only be had all at once. Absent: none can. */
  openFeatures?(request: FeatureRequest): Promise<ColumnSource | null>;
  /** Operators that its expressions may use. Absent: the built-in ones. */
  readonly operators?: Operators;
  /** The files that were looked at so far: what a fingerprint of the data covers. Absent: the provider reads no files. */
  readonly reads?: () => DataReads;
}

/** The values of one instrument's field in a file: those of the calendar days [start, start + length). */
export interface BinRead {
  readonly instrument: string;
  readonly field: string;
  readonly file: string;
  readonly start: number;
  readonly length: number;
}

/** What was read of the data of one frequency. */
export interface FrequencyReads {
  /** As files spell it: `day`, `1min`. */
  readonly freq: string;
  readonly folder: string;
  readonly times: Float64Array;
  readonly bins: readonly BinRead[];
}

/** The files of one instrument's point-in-time field. */
export interface PitRead {
  readonly instrument: string;
  readonly field: string;
  readonly data: string;
  readonly index: string;
}

/** Files that a provider has looked at. */
export interface DataReads {
  readonly frequencies: readonly FrequencyReads[];
  readonly markets: readonly { readonly file: string; readonly spans: InstrumentSpans }[];
  readonly pointInTime?: { readonly folder: string; readonly fields: readonly PitRead[] };
}

declare module '../core/context.ts' {
  interface Context {
    readonly data: DataProvider;
  }
}
