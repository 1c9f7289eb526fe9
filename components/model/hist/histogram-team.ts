import type { WorkerPool } from '../../core/workers.ts';
import { type Execute, makeBoard, SoloTeam, serve, type Team, ThreadTeam } from '../gbdt/engine/team.ts';
import type { FeatureColumn } from '../gbdt/index.ts';
import { HistEngine, type HistShared } from './engine.ts';
import type { LayoutSpec } from './layout.ts';
import { allocateRoom, roomFor } from './room.ts';

const operations = { bin: 0, build: 1, evaluate: 2, both: 3 };
const buildArgs = 4;

/** What an algorithm does on every thread, with its own arguments. */
export type Evaluate = (args: Float64Array, rank: number, threads: number) => void;

/** Threads of one training: each bins some of the features, builds their histograms, and evaluates what the algorithm asks. */
export class HistogramTeam {
  readonly engine: HistEngine;
  readonly #team: Team;

  constructor(engine: HistEngine, team: Team) {
    this.engine = engine;
    this.#team = team;
  }

  get threads(): number {
    return this.#team.size;
  }

  bin(): void {
    this.#team.run(operations.bin);
  }

  /** Fills the histogram `slot` from `rows[from .. to)` and takes it off that of `parent` (-1: none), which is its sibling's then. */
  build(slot: number, from: number, to: number, parent = -1): void {
    this.#team.run(operations.build, slot, from, to, parent);
  }

  evaluate(...args: number[]): void {
    this.#team.run(operations.evaluate, ...args);
  }

  /** Builds, then evaluates, where a thread evaluates only histograms that it has built. */
  buildAndEvaluate(build: readonly [number, number, number, number], ...args: number[]): void {
    this.#team.run(operations.both, ...build, ...args);
  }
}

/** A training on histograms: `learn` leads it on one thread, `evaluator` makes what every thread evaluates. */
export interface HistogramTraining<P, R> {
  evaluator(engine: HistEngine, plan: P): Evaluate;
  learn(plan: P, team: HistogramTeam, report: (message: unknown) => void): R;
}

function executor<P, R>(training: HistogramTraining<P, R>, engine: HistEngine, plan: P): Execute {
  const evaluate = training.evaluator(engine, plan);
  return (operation, args, rank, threads) => {
    const [slot = 0, from = 0, to = 0, parent = 0] = args;
    if (operation === operations.bin) engine.bin(rank);
    if (operation === operations.build || operation === operations.both)
      engine.build(rank, slot, from, to, parent);
    if (operation === operations.evaluate) evaluate(args, rank, threads);
    if (operation === operations.both) evaluate(args.subarray(buildArgs), rank, threads);
  };
}

function lead<P, R>(
  { learn }: HistogramTraining<P, R>,
  plan: P,
  team: HistogramTeam,
  report: (message: unknown) => void,
): R {
  const { rows } = team.engine;
  for (let i = 0; i < rows.length; i++) rows[i] = i;
  team.bin();
  return learn(plan, team, report);
}

/** What one thread of a training gets: thread 0 trains, the others help. */
export interface HistogramPayload<P> {
  readonly plan: P;
  readonly shared: HistShared;
  readonly board: SharedArrayBuffer;
  readonly rank: number;
}

/** Makes a worker task of a training. */
export function histogramTask<P, R>(
  training: HistogramTraining<P, R>,
): (payload: HistogramPayload<P>, report: (message: unknown) => void) => R | null {
  return ({ plan, shared, board, rank }, report) => {
    const engine = new HistEngine(shared);
    const { threads } = shared.spec;
    const execute = executor(training, engine, plan);
    if (rank > 0) {
      serve(board, rank, threads, execute);
      return null;
    }
    const team = new ThreadTeam(board, threads, execute);
    try {
      return lead(training, plan, new HistogramTeam(engine, team), report);
    } finally {
      team.close();
    }
  };
}

/** Cells from which on threads pay. */
const worthThreads = 2_000_000;

/** How many threads a training gets: those of the pool, at most `wanted` where that is above 0; 1 where there is little to do. */
export function threadsFor(pool: WorkerPool | undefined, wanted: number, cells: number): number {
  if (!pool || cells < worthThreads) return 1;
  return Math.min(wanted > 0 ? wanted : pool.size, pool.size);
}

/**
 * Trains on the pool's threads, or here where one is enough.
 * @throws UserError where the data needs more memory than 32-bit addresses reach, or than there is.
 */
export async function runHistogramTask<P, R>(options: {
  readonly task: string;
  readonly training: HistogramTraining<P, R>;
  readonly plan: P;
  readonly columns: readonly FeatureColumn[];
  readonly spec: LayoutSpec;
  readonly pool: WorkerPool | undefined;
  readonly onReport: (message: unknown) => void;
}): Promise<R> {
  const { task, training, plan, columns, spec, pool, onReport } = options;
  const shared: HistShared = { memory: allocateRoom(roomFor(spec)), spec, columns };
  if (!pool || spec.threads === 1) {
    const engine = new HistEngine(shared);
    const team = new SoloTeam(executor(training, engine, plan));
    return lead(training, plan, new HistogramTeam(engine, team), onReport);
  }
  const board = makeBoard();
  const results = await pool.together<R | null>(
    task,
    spec.threads,
    (rank): HistogramPayload<P> => ({ plan, shared, board, rank }),
    onReport,
  );
  return results[0]!;
}
