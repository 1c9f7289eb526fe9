import type { Run, RunInfo } from '../types.ts';
import { StoredRun } from './stored-run.ts';

/** The runs that were read, by folder. */
export class RunReader {
  readonly #known = new Map<string, StoredRun>();

  /** Undefined where there is no readable `meta.yaml`: a run in the making, or none. */
  find(folder: string, runId: string, experimentId: string): StoredRun | undefined {
    let run = this.#known.get(folder);
    if (!run) this.#known.set(folder, (run = new StoredRun(folder, runId, experimentId)));
    if (run.refresh()) return run;
    this.#known.delete(folder);
    return undefined;
  }

  knows(folder: string): boolean {
    return this.#known.has(folder);
  }

  info(folder: string, runId: string, experimentId: string): RunInfo | undefined {
    return this.find(folder, runId, experimentId)?.info;
  }

  read(folder: string, runId: string, experimentId: string): Run | undefined {
    return this.find(folder, runId, experimentId)?.load();
  }

  forget(folder: string): void {
    this.#known.delete(folder);
  }

  clear(): void {
    this.#known.clear();
  }
}
