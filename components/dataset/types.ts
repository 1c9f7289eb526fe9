import type { Time } from '../core/dates.ts';
import type { Log } from '../core/log.ts';
import type { Panel, PanelColumn } from '../core/panel.ts';
import type { ColumnSource } from '../data/provider.ts';
import type { LearnedColumns } from './learned-columns.ts';

/** qlib's `data_key`: raw as loaded, infer for prediction, learn for training. */
export type DataKey = 'raw' | 'infer' | 'learn';

/** One step of a handler: maps a panel to a new one and shares what it does not change. */
export interface Processor {
  /** Learns from the panel of the fit segment; not called where nothing is learned. */
  fit?(panel: Panel): void | Promise<void>;
  apply(panel: Panel): Panel | Promise<Panel>;
  /** False for processors that need labels (qlib's `is_for_infer`): not used on the infer view. Default true. */
  readonly forInfer?: boolean;
  /**
   * Only of processors that learn from a range of time (qlib's `fit_start_time`, `fit_end_time`): that range, null until known.
   * Alpha158 and Alpha360 set their own; any other handler refuses a processor whose range is null.
   */
  fitSegment?: Segment | null;
  /** Only of processors that drop rows and nothing else, by what the columns of one group hold: that group. */
  readonly dropsRowsBy?: string;
}

/** A step of the loader over the rows of one instrument (qlib's InstProcessor): returns the panel it got, or a changed one. */
export interface InstProcessor {
  apply(panel: Panel, instrument: string): Panel | Promise<Panel>;
}

/** Makes panels out of a data source (qlib's DataLoader). */
export interface DataLoader {
  /** True where each load gives storage that nobody else knows, which the caller may write over. Default false. */
  readonly fresh?: boolean;
  load(instruments: unknown, start: Time | null, end: Time | null): Promise<Panel>;
  /** The same panel, its columns computed when asked for; null where it can only be had whole. Absent: always. */
  open?(instruments: unknown, start: Time | null, end: Time | null): Promise<ColumnSource | null>;
}

/** `start`, `end` null: open. */
export interface Segment {
  readonly start: Time | null;
  readonly end: Time | null;
}

/** Columns by group, by several groups, or all (`__all`; with their groups: `__raw`). One group's columns come without its name. */
export type ColumnSet = string | readonly string[];

/** Some of the features of a handler's views, `places` their places among all features. */
export interface FeatureBlock {
  readonly places: readonly number[];
  readonly infer: readonly PanelColumn[];
  readonly learn: readonly PanelColumn[];
}

/** Views whose features are too large to be held: they are made block by block of columns, each time anew. */
export interface FeatureBlocks {
  readonly features: readonly { readonly group: string | null; readonly name: string }[];
  /** Columns of a block at most. */
  readonly width: number;
  /** A view without its features: rows and labels. */
  view(key: DataKey): Panel;
  /** Calls `work` with one block after the other. The storage of a block is used again for the next. */
  each(work: (block: FeatureBlock) => Promise<void>): Promise<void>;
}

/** What the processors of a handler learned, in the order of their lists; null for those that learn nothing. */
export type LearnedState = Readonly<Record<'shared' | 'infer' | 'learn', readonly (LearnedColumns | null)[]>>;

export interface DataHandler {
  /** Loads and processes; called once before the first fetch. */
  setup(): Promise<void>;
  fetch(segment: Segment, options?: { colSet?: ColumnSet; dataKey?: DataKey }): Promise<Panel>;
  /** Columns of a set as (group, name). */
  columns(colSet?: ColumnSet): Promise<readonly { group: string | null; name: string }[]>;
  /** The features in blocks, where all of them would take too much memory; else null. Models that need no floats at once ask for them. */
  blocks?(): Promise<FeatureBlocks | null>;
  /** What its processors have learned, to be kept with a model; null where nothing is learned. */
  learnedState?(): LearnedState | null;
  /** Before `setup`: processors use what others of their kind have learned. @throws UserError for a state of other processors */
  recall?(state: LearnedState): void;
}

/** What models see: qlib's DatasetH. */
export interface Dataset {
  readonly segments: ReadonlyMap<string, Segment>;
  readonly handler: DataHandler;
  /** Loads the data; `prepare` calls it when needed. */
  setup(): Promise<void>;
  /** @throws UserError for a segment that the config does not name. */
  prepare(segment: string | Segment, options?: { colSet?: ColumnSet; dataKey?: DataKey }): Promise<Panel>;
  /** The handler's blocks, where `prepare` gives rows of its views as they are, and `segment` tells which. */
  blocks?(): Promise<FeatureBlocks | null>;
  /** The segment of a name. */
  segment?(given: string | Segment): Segment;
}

/** Weights of training rows (qlib's Reweighter). */
export interface Reweighter {
  reweight(panel: Panel): Float64Array;
}

declare module '../core/context.ts' {
  interface ComponentKinds {
    processor: Processor;
    instProcessor: InstProcessor;
    loader: DataLoader;
    handler: DataHandler;
    dataset: Dataset;
    reweighter: Reweighter;
  }
}

export interface FitOptions {
  readonly log: Log;
  readonly reweighter?: Reweighter | undefined;
}
