import type { SharedData, TreeColumn } from '../data.ts';
import type { CustomObjective } from '../objective/custom.ts';
import type { Params } from '../params/resolve.ts';
import type { PlacedBins } from './layout.ts';

/** A set that metrics are computed on, with its running scores `(classes * rows)`. */
export interface ScoredData extends SharedData<TreeColumn> {
  readonly score: Float64Array;
  /** Queries in the bag, with `bagging_by_query`; of training data only. */
  readonly sampledQueries: Uint8Array | null;
}

/** Everything the threads of one training share; can be posted to workers. */
export interface EngineShared {
  readonly params: Params;
  readonly train: ScoredData;
  readonly valids: readonly ScoredData[];
  /** Ascending rows that bins are found from; null: all. */
  readonly sampleRows: Uint32Array | null;
  readonly memory: WebAssembly.Memory;
  readonly placed: PlacedBins | null;
  readonly kernels: 'wasm' | 'reference';
  readonly mapperMemory: SharedArrayBuffer;
  readonly treeMemory: SharedArrayBuffer;
  /** Leaf ranges of the tree just grown: begin and count of each leaf in the row list. */
  readonly leafRanges: Int32Array;
  /** Sums of loss a block of rows. */
  readonly lossSums: Float64Array;
  /** Left and right counts of each thread's part of a partition. */
  readonly partCounts: Int32Array;
  /** Bounds that bins must have, by column. */
  readonly forcedBins: readonly (readonly number[])[] | null;
  /** Which columns hold categories. */
  readonly categorical: readonly boolean[];
  /** A loss of the user's; only where there is one thread. */
  readonly custom: CustomObjective | null;
  readonly classes: number;
  readonly threads: number;
}
