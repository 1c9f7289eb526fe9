import { dirname } from 'node:path';
import type { Run } from '../../types.ts';
import type { Layout } from '../layout.ts';
import type { StoredRun } from '../stored-run.ts';
import { Helpers } from './helpers.ts';
import type { Job } from './job.ts';
import { marksIn, noRuns, recordOf } from './known-runs.ts';
import { RunIndex } from './run-index.ts';

/** Fewer runs are read one by one: a thread takes some 20 ms to start. */
const fewest = 100;

/**
 * Loads many runs that were not read before in this process: on several threads, and without reading those of which an earlier process kept what they hold, as long as
 * every one of their files stands as it did then.
 */
export class BulkLoader {
  readonly #helpers = new Helpers();

  constructor(
    private readonly layout: Layout,
    private readonly index: RunIndex | undefined,
  ) {}

  /** So many runs may have to be loaded soon. */
  expect(count: number): void {
    if (count >= fewest) this.#helpers.start();
  }

  /** The runs, after `refresh`, in the same order. */
  async load(runs: readonly StoredRun[]): Promise<Run[]> {
    const groups = new Map<string, StoredRun[]>();
    for (const run of runs) {
      if (!run.isCold) continue;
      const folder = dirname(run.folder);
      const group = groups.get(folder);
      if (group) group.push(run);
      else groups.set(folder, [run]);
    }
    const loaded = new Map<StoredRun, Run>();
    for (const [folder, group] of groups)
      if (group.length >= fewest) await this.#loadTogether(folder, group, loaded);
    this.#helpers.end();
    return runs.map((run) => loaded.get(run) ?? run.load());
  }

  async #loadTogether(
    folder: string,
    runs: readonly StoredRun[],
    loaded: Map<StoredRun, Run>,
  ): Promise<void> {
    const index = RunIndex.isTrusted(folder) ? this.index : undefined;
    const known = index?.known(folder) ?? noRuns;
    const places = runs.map((run) => known.runs.get(run.runId));
    const job: Job = {
      folder,
      ids: runs.map((run) => run.runId),
      layouts: known.layouts,
      layoutOf: Int32Array.from(places, (place) => place?.layout ?? -1),
      marksAt: Int32Array.from(places, (place) => place?.at ?? -1),
      marks: known.numbers,
      next: new Int32Array(new SharedArrayBuffer(64)),
      same: new Uint8Array(new SharedArrayBuffer(runs.length)),
    };
    const startedAt = Date.now();
    const read = await this.#helpers.do(job);
    for (const [i, place] of places.entries())
      if (place && job.same[i])
        loaded.set(runs[i]!, runs[i]!.adopt(recordOf(known, place, startedAt), marksIn(known, place)));
    for (const [i, record] of read) loaded.set(runs[i]!, runs[i]!.adopt(record));
    if (read.length > 0)
      index?.add(
        folder,
        this.layout.runsIn(folder),
        read.map(([i, record]) => [runs[i]!.runId, record]),
      );
  }

  /** Keeps what was read for later processes. */
  close(): void {
    this.#helpers.end();
    this.index?.save();
  }
}
