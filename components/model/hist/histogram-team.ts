import type { WorkerPool } from '../../core/workers.ts';
import { type Execute, makeBoard, SoloTeam, serve, type Team, ThreadTeam } from '../gbdt/engine/team.ts';
import type { BinnedData } from './binned-data.ts';

/** What the threads of one training share. */
export interface HistogramShared {
  readonly data: BinnedData;
  /** Rows in the order of their leaves. */
  readonly rows: Uint32Array;
  /** (gradient, hessian) of every row. */
  readonly pairs: Float32Array;
  /** Histograms, one after another: (gradient, hessian) a bin. */
  readonly histograms: Float64Array;
}

/** Builds histograms on the threads of a team, each for some of the features. Sums are made in the order of the rows. */
export class HistogramTeam {
  readonly shared: HistogramShared;
  readonly #team: Team;

  constructor(shared: HistogramShared, team: Team) {
    this.shared = shared;
    this.#team = team;
  }

  /** Numbers of one histogram. */
  get size(): number {
    const { starts } = this.shared.data;
    return 2 * starts[starts.length - 1]!;
  }

  histogram(slot: number): Float64Array {
    return this.shared.histograms.subarray(slot * this.size, (slot + 1) * this.size);
  }

  /** Fills the histogram `slot` from `rows[from .. to)`. */
  build(slot: number, from: number, to: number): void {
    if (to - from < 2048) executor(this.shared)(0, Float64Array.of(slot, from, to), 0, 1);
    else this.#team.run(0, slot, from, to);
  }
}

function executor(shared: HistogramShared): Execute {
  const { data, rows, pairs, histograms } = shared;
  const { starts, bins } = data;
  const size = 2 * starts[starts.length - 1]!;
  return (_, args, rank, threads) => {
    const [slot = 0, from = 0, to = 0] = args;
    const own = histograms.subarray(slot * size, (slot + 1) * size);
    const gathered = new Float32Array(2 * (to - from));
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      gathered[2 * (i - from)] = pairs[2 * row]!;
      gathered[2 * (i - from) + 1] = pairs[2 * row + 1]!;
    }
    for (let f = rank; f < bins.length; f += threads) {
      const part = own.subarray(2 * starts[f]!, 2 * starts[f + 1]!);
      part.fill(0);
      const column = bins[f]!;
      // two loops, so that each sees arrays of one kind only
      if (column instanceof Uint8Array) addBytes(column, rows, from, to, gathered, part);
      else addWords(column, rows, from, to, gathered, part);
    }
  };
}

function addBytes(
  bins: Uint8Array,
  rows: Uint32Array,
  from: number,
  to: number,
  pairs: Float32Array,
  out: Float64Array,
): void {
  for (let i = from, p = 0; i < to; i++, p += 2) {
    const at = 2 * bins[rows[i]!]!;
    out[at]! += pairs[p]!;
    out[at + 1]! += pairs[p + 1]!;
  }
}

function addWords(
  bins: Uint16Array,
  rows: Uint32Array,
  from: number,
  to: number,
  pairs: Float32Array,
  out: Float64Array,
): void {
  for (let i = from, p = 0; i < to; i++, p += 2) {
    const at = 2 * bins[rows[i]!]!;
    out[at]! += pairs[p]!;
    out[at + 1]! += pairs[p + 1]!;
  }
}

/** What one thread of a training gets: thread 0 trains, the others help. */
export interface HistogramPayload<P> {
  readonly plan: P;
  readonly shared: HistogramShared;
  readonly board: SharedArrayBuffer;
  readonly rank: number;
  readonly threads: number;
}

/** Makes a worker task of a training. */
export function histogramTask<P, R>(
  learn: (plan: P, histograms: HistogramTeam, report: (message: unknown) => void) => R,
): (payload: HistogramPayload<P>, report: (message: unknown) => void) => R | null {
  return ({ plan, shared, board, rank, threads }, report) => {
    const execute = executor(shared);
    if (rank > 0) {
      serve(board, rank, threads, execute);
      return null;
    }
    const team = new ThreadTeam(board, threads, execute);
    try {
      return learn(plan, new HistogramTeam(shared, team), report);
    } finally {
      team.close();
    }
  };
}

/** Cells from which on threads pay. */
const worthThreads = 2_000_000;

/** Trains on the pool's threads, or here where there is no pool or little to do. */
export async function runHistogramTask<P, R>(options: {
  readonly task: string;
  readonly learn: (plan: P, histograms: HistogramTeam, report: (message: unknown) => void) => R;
  readonly plan: P;
  readonly shared: HistogramShared;
  readonly threads: number;
  readonly pool: WorkerPool | undefined;
  readonly onReport: (message: unknown) => void;
}): Promise<R> {
  const { task, learn, plan, shared, pool, onReport } = options;
  const cells = shared.data.length * shared.data.bins.length;
  if (!pool || cells < worthThreads)
    return learn(plan, new HistogramTeam(shared, new SoloTeam(executor(shared))), onReport);
  const threads = Math.min(options.threads > 0 ? options.threads : pool.size, pool.size);
  const board = makeBoard();
  const results = await pool.together<R | null>(
    task,
    threads,
    (rank): HistogramPayload<P> => ({ plan, shared, board, rank, threads }),
    onReport,
  );
  return results[0]!;
}
