import { UserError } from '../../../core/errors.ts';
import { allocate } from '../../../core/panel.ts';
import { readForcedBins } from '../bins/forced-bins.ts';
import { MapperBoard } from '../bins/mapper-board.ts';
import { isBinned, type SharedData, type TreeColumn } from '../data.ts';
import { lossBlock } from '../metric/metric.ts';
import type { CustomObjective } from '../objective/custom.ts';
import type { Params } from '../params/resolve.ts';
import { Random } from '../random.ts';
import { TreeBoard } from '../tree/tree-board.ts';
import { mostBins } from './find-column-bins.ts';
import type { PlacedBins } from './layout.ts';
import type { EngineShared, ScoredData } from './shared.ts';

/** Memory and data of one training for `threads` threads. */
export function makeShared(options: {
  readonly params: Params;
  readonly train: SharedData<TreeColumn>;
  readonly valids: readonly SharedData<TreeColumn>[];
  readonly threads: number;
  readonly kernels: 'wasm' | 'reference';
  readonly custom: CustomObjective | null;
  /** Columns that hold categories. */
  readonly categorical: readonly number[];
}): EngineShared {
  const { params, train, valids, threads, kernels } = options;
  const classes = params.num_class;
  const scoredTrain = { ...scored(train, classes), sampledQueries: sampledQueries(params, train) };
  const categorical = train.columns.map((_, c) => options.categorical.includes(c));
  const most = mostBins({ params, train: scoredTrain, categorical });
  const longest = Math.max(train.length, ...valids.map((v) => v.length));
  return {
    params,
    train: scoredTrain,
    valids: valids.map((data) => scored(data, classes)),
    sampleRows: sampleRows(params, train.length),
    memory: train.memory ?? new WebAssembly.Memory({ initial: 2, maximum: 65_536, shared: true }),
    placed: placedBins(train, valids),
    kernels,
    custom: options.custom,
    forcedBins: readForcedBins(params.forcedbins_filename, train.columns.length, options.categorical),
    categorical,
    mapperMemory: new MapperBoard(most).memory,
    treeMemory: new TreeBoard(params.num_leaves, categorical.includes(true)).memory,
    leafRanges: new Int32Array(new SharedArrayBuffer(8 * params.num_leaves)),
    lossSums: allocate('f64', Math.ceil(longest / lossBlock)),
    partCounts: new Int32Array(new SharedArrayBuffer(4 * threads)),
    classes,
    threads,
  };
}

function scored(data: SharedData<TreeColumn>, classes: number): ScoredData {
  const score = allocate('f64', classes * data.length);
  if (data.initScore) score.set(data.initScore);
  return { ...data, score, sampledQueries: null };
}

/** Where the bins of the sets are, if they lie in the memory that trees will be grown in. */
function placedBins(
  train: SharedData<TreeColumn>,
  valids: readonly SharedData<TreeColumn>[],
): PlacedBins | null {
  if (!train.memory) return null;
  let end = 0;
  const addresses = ({ columns }: SharedData<TreeColumn>) =>
    Uint32Array.from(columns, (column) => {
      if (!isBinned(column)) throw new Error('the memory of trees holds bins alone');
      end = Math.max(end, column.bins.byteOffset + column.bins.length);
      return column.bins.byteOffset;
    });
  return {
    columns: addresses(train),
    valids: valids.map((data) => (data.memory === train.memory ? addresses(data) : null)),
    end: Math.ceil(end / 64) * 64,
  };
}

/** Flags of queries where bags are made of them. */
function sampledQueries(
  { bagging_by_query, bagging_freq, bagging_fraction }: Params,
  { group }: SharedData<TreeColumn>,
): Uint8Array | null {
  if (!bagging_by_query || bagging_freq <= 0 || bagging_fraction >= 1) return null;
  if (!group)
    throw new UserError('bagging_by_query needs queries', {
      hint: 'give the rows a query as `group`',
      path: ['bagging_by_query'],
    });
  return new Uint8Array(new SharedArrayBuffer(group.length)).fill(1);
}

/** The rows that LightGBM would find bins from: all, or `bin_construct_sample_cnt` drawn by `data_random_seed`. */
export function sampleRows(params: Params, rows: number): Uint32Array | null {
  const count = Math.min(params.bin_construct_sample_cnt, rows);
  if (count === rows) return null;
  const drawn = new Random(params.data_random_seed).sample(rows, count);
  const shared = new Uint32Array(new SharedArrayBuffer(drawn.length * 4));
  shared.set(drawn);
  return shared;
}
