import type { Run, RunInfo } from '../types.ts';
import { StoredRun } from './stored-run.ts';

/** The runs that were read, by folder. */
export class RunReader {
  readonly #known = new Map<string, StoredRun>();
  readonly #unreadable = new Set<string>();

  /** Folders that have a `meta.yaml` which is no run's. */
  get unreadable(): Iterable<string> {
    return this.#unreadable;
  }

  /** Undefined where there is no readable `meta.yaml`: a run in the making, or none. */
  find(folder: string, runId: string, experimentId: string): StoredRun | undefined {
    let run = this.#known.get(folder);
    if (!run) this.#known.set(folder, (run = new StoredRun(folder, runId, experimentId)));
    if (run.refresh()) {
      if (this.#unreadable.size > 0) this.#unreadable.delete(folder);
      return run;
    }
    this.#known.delete(folder);
    if (run.isUnreadable) this.#unreadable.add(folder);
    else this.#unreadable.delete(folder);
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
    this.#unreadable.delete(folder);
  }

  clear(): void {
    this.#known.clear();
    this.#unreadable.clear();
  }
}
