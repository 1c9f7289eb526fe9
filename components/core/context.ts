import type { KeyPath } from './errors.ts';
import type { Log } from './log.ts';
import type { NumpyRandom } from './numpy-random.ts';
import type { WorkerPool } from './workers.ts';

/** What a `class:` of each kind makes. Each layer adds its kinds: `declare module '../core/context.ts' { interface ComponentKinds { ... } }`. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface ComponentKinds {}

/** What a region fixes: qlib's cn, us and tw defaults (qlib/config.py). */
export interface Region {
  readonly name: 'cn' | 'us' | 'tw';
  readonly tradeUnit: number | null;
  /** Share of the previous close; null: no price limit. */
  readonly limitThreshold: number | null;
  readonly dealPrice: string;
}

export const regions: Readonly<Record<string, Region>> = {
  cn: { name: 'cn', tradeUnit: 100, limitThreshold: 0.095, dealPrice: 'close' },
  us: { name: 'us', tradeUnit: 1, limitThreshold: null, dealPrice: 'close' },
  tw: { name: 'tw', tradeUnit: 1000, limitThreshold: 0.1, dealPrice: 'close' },
};

/** What features may take, in bytes. */
export interface MemoryLimits {
  /** Features that take more are computed in blocks of columns, where the model can do with that. */
  readonly features: number;
  /** What a block may take. */
  readonly block: number;
  /** What the machine or container has. */
  readonly total: number;
}

/** Made once by the runner and passed down: nothing is global. The data layer adds `data`. */
export interface Context {
  readonly region: Region;
  readonly pool: WorkerPool;
  /**
   * Threads that numpy's linear algebra would use here: OMP_NUM_THREADS, else the processors; `pool.size` if left out. They decide how
   * float32 sums are rounded (LinearModel with ridge).
   */
  readonly blasThreads?: number;
  /** Bytes; left out: features are always held whole. */
  readonly memory?: MemoryLimits;
  readonly log: Log;
  readonly seed: number;
  /**
   * What numpy's global generator stands for where several parts draw from it one after the other (the passes of MultiPassPortAnaRecord);
   * left out: each part begins with `seed`, as after `numpy.random.seed`.
   */
  readonly random?: NumpyRandom;
  /** Wall clock, milliseconds. */
  now(): number;
  /** Reads a file of data by its ending: tables and plain values from `.pkl` and whatever else the runner's codecs know. */
  readonly loadFile?: (file: string) => Promise<unknown>;
  /**
   * Makes the component that `spec` names: `{class, module_path, kwargs}`, `"pkg.mod.Class"`, or an object that is
   * already of that kind (returned as it is). `path` is where the spec stands in the config of the caller.
   * @throws UserError with that path: unknown class, kwargs that the component's schema refuses.
   */
  build<K extends keyof ComponentKinds>(kind: K, spec: unknown, path: KeyPath): Promise<ComponentKinds[K]>;
}
