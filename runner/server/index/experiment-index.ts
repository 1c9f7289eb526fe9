import { changedAt } from '../../../records/tracking/file/entries.ts';
import type { Layout } from '../../../records/tracking/file/layout.ts';
import { IndexedRun } from './indexed-run.ts';

const settleMs = 50;
/** How long what was checked is believed. */
const trustMs = 250;
/** Runs whose folders are looked at in one go. */
const mostChecked = 1500;
/** Running runs whose values are read again at a check. */
const mostRunning = 32;
/** So long is read at one check; what is left stays for the next. */
const mostMs = 60;
/** Somebody looks, if an experiment was searched in this time. */
const lookingMs = 60_000;
/** Runs that are read at one go: other requests wait so long. */
const chunk = 40;

/** The runs of one experiment of a file store, in memory. */
export class ExperimentIndex {
  readonly runs = new Map<string, IndexedRun>();
  #changed = -1;
  #listedAt = 0;
  #checkedAt = 0;
  #isLoaded = false;
  #usedAt = 0;
  readonly #round = new Round();
  readonly #sweepRound = new Round();
  #loading: Promise<void> | undefined;

  constructor(
    readonly folder: string,
    private readonly id: string,
    private readonly layout: Layout,
  ) {}

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** Reads all runs, in parts between which other requests are served. */
  load(): Promise<void> {
    this.#loading ??= (async () => {
      const ids = this.#names();
      for (let i = 0; i < ids.length; i += chunk) {
        for (const id of ids.slice(i, i + chunk)) if (!this.runs.has(id)) this.#add(id);
        await new Promise((next) => setImmediate(next));
      }
      this.#isLoaded = true;
      this.#checkedAt = Date.now();
    })();
    return this.#loading;
  }

  /** Takes up what other processes did: all of it in a small experiment, new and running runs in a large one; `checkSome` finds the rest. */
  refresh(): void {
    const now = Date.now();
    this.#usedAt = now;
    if (changedAt(this.folder) !== this.#changed || this.#changed >= this.#listedAt - settleMs)
      this.#relist();
    if (now - this.#checkedAt < trustMs) return;
    this.#checkedAt = now;
    const running: string[] = [];
    for (const [id, run] of this.runs)
      if (run.info.status === 'RUNNING' && running.push(id) >= mostChecked) break;
    this.#check(running, true);
    this.#checkRound(mostChecked - running.length);
  }

  /** A part of the round over all runs, while somebody looks at them. */
  checkSome(): void {
    if (Date.now() - this.#usedAt < lookingMs) this.#checkRound(mostChecked);
  }

  /** Reads a few runs again in turn, so that whatever others changed is seen in the end. */
  sweep(count: number): void {
    for (let i = 0; i < Math.min(count, this.runs.size); i++) {
      const id = this.#sweepRound.next(this.runs);
      if (id !== undefined && this.runs.get(id)?.reload() === false) this.runs.delete(id);
    }
  }

  /** A run that this server made. */
  added(runId: string): void {
    if (this.#isLoaded || this.#loading) this.#add(runId, true);
  }

  #add(id: string, isNew = false): void {
    const run = IndexedRun.read(`${this.folder}/${id}`, id, this.id, isNew);
    if (run) this.runs.set(id, run);
  }

  #checkRound(count: number): void {
    const ids: string[] = [];
    for (let i = 0; i < Math.min(count, this.runs.size); i++) {
      const id = this.#round.next(this.runs);
      if (id !== undefined) ids.push(id);
    }
    this.#check(ids, false);
  }

  /** Values of running runs change without a trace in their folders. */
  #check(ids: readonly string[], areRunning: boolean): void {
    const started = performance.now();
    let read = 0;
    for (const id of ids) {
      const run = this.runs.get(id);
      if (!run) continue;
      const found = run.check();
      const isRead = found === 'stale' || (areRunning && found === 'current' && read++ < mostRunning);
      const isLate = performance.now() - started > mostMs;
      if (found === 'gone' || (isRead && !isLate && !run.reload())) this.runs.delete(id);
    }
  }

  #relist(): void {
    const names = new Set(this.#names());
    for (const id of this.runs.keys()) if (!names.has(id)) this.runs.delete(id);
    for (const id of names) if (!this.runs.has(id)) this.#add(id);
  }

  #names(): string[] {
    this.#listedAt = Date.now();
    this.#changed = changedAt(this.folder);
    return this.layout.runsIn(this.folder);
  }
}

/** Goes round and round over the keys of a map that changes. */
class Round {
  #keys: Iterator<string> | undefined;

  next(map: ReadonlyMap<string, unknown>): string | undefined {
    this.#keys ??= map.keys();
    const next = this.#keys.next();
    if (next.done !== true) return next.value;
    this.#keys = map.keys();
    const first = this.#keys.next();
    return first.done === true ? undefined : first.value;
  }
}
