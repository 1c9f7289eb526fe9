import { createHash } from 'node:crypto';
import { readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../../../components/core/make-folder.ts';
import { replaceFile } from '../atomic.ts';
import { formatIndex, type MarkedRecord, readIndex } from './index-file.ts';
import { type KnownRuns, marksIn, recordOf } from './known-runs.ts';
import { marksOf } from './marks.ts';
import type { RunRecord } from './run-record.ts';

/**
 * File systems of this machine that keep the time of every change themselves: ext, XFS, Btrfs, tmpfs, F2FS, ZFS, overlay. Those of other machines may answer from a memory
 * of their own that is older than what reading gives.
 */
const trusted: ReadonlySet<number> = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x01021994, 0xf2f52010, 0x2fc12fc1, 0x794c7630,
]);

/** What changed so shortly before it was read may have changed again without another time. */
const settleMs = 50;
/** Runs with more text are read each time. */
const mostText = 20_000;
const mostFiles = 64;

/**
 * The runs of experiments as they were last read, in files of the user's cache. Nothing is believed that the file system does not confirm for every single file
 * (`isSame`); a file that is lost or damaged costs time alone.
 * Not seen is what a program changes through a memory map of a file, and what was changed under a clock that was set back to the very same instant.
 */
export class RunIndex {
  readonly #known = new Map<string, KnownRuns>();
  /** By experiment: records that were read since, and the ids of the runs that are there. */
  readonly #fresh = new Map<string, { readonly records: Map<string, RunRecord>; ids: ReadonlySet<string> }>();

  /** `folder` is the cache's; the files are made when there is something to keep. */
  constructor(private readonly folder: string) {}

  /** May marks of files in this folder be believed? */
  static isTrusted(folder: string): boolean {
    try {
      return process.platform === 'linux' && trusted.has(statfsSync(folder).type);
    } catch {
      return false;
    }
  }

  known(experiment: string): KnownRuns {
    let known = this.#known.get(experiment);
    if (!known) this.#known.set(experiment, (known = readIndex(this.#file(experiment), experiment)));
    return known;
  }

  /** Takes note of runs that were read; `ids` are all runs that the experiment has. */
  add(experiment: string, ids: readonly string[], records: Iterable<readonly [string, RunRecord]>): void {
    const fresh = this.#fresh.get(experiment) ?? { records: new Map(), ids: new Set() };
    fresh.ids = new Set(ids);
    for (const [id, record] of records) if (isKeepable(record)) fresh.records.set(id, record);
    this.#fresh.set(experiment, fresh);
  }

  /** Keeps what was read where that is much, for the next process. A cache that cannot be written is let be. */
  save(): void {
    for (const [experiment, { records, ids }] of this.#fresh) {
      const known = this.known(experiment);
      if (records.size * 8 < known.runs.size || records.size === 0) continue;
      const all = new Map<string, MarkedRecord>();
      for (const [id, record] of records) {
        // marks are taken only now: what is older than the reading is what was read
        const marks = marksOf(`${experiment}/${id}`, record.files, record.readAt - settleMs);
        if (marks) all.set(id, { record, marks });
      }
      for (const [id, run] of known.runs)
        if (ids.has(id) && !records.has(id))
          all.set(id, { record: recordOf(known, run, 0), marks: marksIn(known, run) });
      try {
        // values of runs are nobody else's business
        makeFolder(this.folder, 0o700);
        replaceFile(this.#file(experiment), formatIndex(experiment, all), this.folder, true);
        this.#prune();
      } catch {
        // no room, or not ours to write
      }
    }
    this.clear();
  }

  clear(): void {
    this.#known.clear();
    this.#fresh.clear();
  }

  #file(experiment: string): string {
    return join(this.folder, `${createHash('sha256').update(experiment).digest('hex').slice(0, 32)}.idx`);
  }

  /** The longest unwritten go. */
  #prune(): void {
    const files = readdirSync(this.folder).map((name) => join(this.folder, name));
    if (files.length <= mostFiles) return;
    const changed = new Map(files.map((file) => [file, statSync(file).mtimeMs]));
    files.sort((a, b) => changed.get(a)! - changed.get(b)!);
    for (const file of files.slice(0, files.length - mostFiles)) rmSync(file, { force: true });
  }
}

function isKeepable({ isWhole, texts }: RunRecord): boolean {
  return isWhole && texts.reduce((sum, text) => sum + text.length, 0) <= mostText;
}
