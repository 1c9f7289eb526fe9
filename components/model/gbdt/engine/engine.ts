import { MapperBoard } from '../bins/mapper-board.ts';
import { isBinned } from '../data.ts';
import { makeMetrics } from '../metric/make.ts';
import type { Metric } from '../metric/metric.ts';
import { customObjective } from '../objective/custom.ts';
import { makeObjective } from '../objective/make.ts';
import type { Objective } from '../objective/objective.ts';
import { TreeBoard } from '../tree/tree-board.ts';
import { binRows, makeBinTables } from './bin-rows.ts';
import { findColumnBins, mostBins } from './find-column-bins.ts';
import { buildHistograms } from './histograms.ts';
import { scratchBytes } from './job.ts';
import { type Kernels, wasmKernels } from './kernels.ts';
import { type Layout, makeLayout } from './layout.ts';
import { copyParts, partitionPart } from './partition.ts';
import { referenceKernels } from './reference/kernels.ts';
import {
  addConstant,
  addLeaves,
  computeGradients,
  scaleScores,
  sumLosses,
  walkTrain,
  walkValid,
} from './scores.ts';
import type { EngineShared } from './shared.ts';

/** The operations a team runs, see the functions that do them. */
export const Operation = {
  findColumnBins: 0,
  lay: 1,
  makeBinTables: 2,
  binRows: 3,
  gradients: 4,
  histograms: 5,
  partition: 6,
  copyParts: 7,
  addLeaves: 8,
  walkTrain: 9,
  walkValid: 10,
  sumLosses: 11,
  addConstant: 12,
  scaleScores: 13,
} as const;

/** One thread's view of a training: the same data and layout everywhere, its own kernels. */
export class Engine {
  readonly shared: EngineShared;
  readonly kernels: Kernels;
  readonly mappers: MapperBoard;
  readonly tree: TreeBoard;
  readonly objective: Objective;
  readonly metrics: readonly Metric[];
  #layout: Layout | undefined;

  constructor(shared: EngineShared) {
    const { params, train, memory } = shared;
    this.shared = shared;
    // a thread that is sent a memory while another one grows it may see the former length for ever (V8); growing by nothing shows the present one
    memory.grow(0);
    this.kernels = shared.kernels === 'wasm' ? wasmKernels(memory) : referenceKernels(memory);
    this.mappers = new MapperBoard(mostBins(shared), shared.mapperMemory);
    this.tree = new TreeBoard(params.num_leaves, shared.categorical.includes(true), shared.treeMemory);
    this.objective = shared.custom
      ? customObjective(shared.custom, train.length, shared.classes)
      : makeObjective(params, train);
    this.metrics = makeMetrics(params);
  }

  /** Known once bins are. */
  get layout(): Layout {
    if (!this.#layout) throw new Error('the engine is not laid out yet');
    return this.#layout;
  }

  /** Lays out the memory from the bins found; every thread does it by itself. */
  lay(rank: number): void {
    const { train, classes, threads, memory } = this.shared;
    this.#layout ??= makeLayout({
      mappers: train.columns.map((_, column) => this.mappers.read(column)),
      rows: train.length,
      // bins that are given lie by feature already
      byFeature: !train.columns.some(isBinned),
      placed: this.shared.placed,
      valids: this.shared.valids.map(({ length }) => length),
      classes,
      threads,
    });
    const { groups, features } = this.#layout;
    for (const { owner, scratch, count, wide, first, columns } of groups) {
      if (owner !== rank) continue;
      const end = scratch + (wide ? features[first]!.mapper.bins * 16 : count * scratchBytes);
      // the leader lays out once before the memory has its size
      if (memory.buffer.byteLength < Math.max(end, columns + 4 * count)) continue;
      new Uint8Array(memory.buffer, scratch, end - scratch).fill(0);
      if (wide) continue;
      const places = features.slice(first, first + count).map(({ columnAt }) => columnAt);
      new Uint32Array(memory.buffer, columns, count).set(places);
    }
  }

  readonly execute = (operation: number, args: Float64Array, rank: number, size: number): void => {
    const run = operations[operation];
    if (!run) throw new Error(`no operation ${operation}`);
    run(this, args, rank, size);
  };
}

type Run = (engine: Engine, args: Float64Array, rank: number, size: number) => void;

/** In the order of `Operation`. */
const operations: readonly Run[] = [
  (engine, _, rank, size) => findColumnBins(engine, rank, size),
  (engine, _, rank) => engine.lay(rank),
  (engine, _, rank, size) => makeBinTables(engine, rank, size),
  (engine, _, rank, size) => binRows(engine, rank, size),
  computeGradients,
  buildHistograms,
  partitionPart,
  copyParts,
  addLeaves,
  walkTrain,
  walkValid,
  sumLosses,
  addConstant,
  scaleScores,
];
