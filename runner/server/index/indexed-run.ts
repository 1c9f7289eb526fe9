import { changedAt } from '../../../records/tracking/file/entries.ts';
import { isLater } from '../../../records/tracking/file/metric-file.ts';
import { StoredRun } from '../../../records/tracking/file/stored-run.ts';
import type { SearchableRun } from '../../../records/tracking/search/values.ts';
import type { LogBatch } from '../../../records/tracking/store.ts';
import type { DatasetInput, MetricPoint, Run, RunInfo } from '../../../records/tracking/types.ts';

const settleMs = 50;

interface Maps {
  readonly metrics: Map<string, MetricPoint>;
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
}

/** A run of a file store, held in memory. What this server writes is applied at once; what others write is found by `check`. */
export class IndexedRun implements SearchableRun {
  readonly #stored: StoredRun;
  #run: Run;
  /** The maps are ours to change. */
  #isOwn = false;
  #tagsChanged = 0;
  /** The last change of the tags that is known was made here. */
  #isOwnChange = false;
  #readAt = 0;

  private constructor(
    readonly folder: string,
    stored: StoredRun,
    run: Run,
  ) {
    this.#stored = stored;
    this.#run = run;
  }

  /** `isNew`: this server made it just now. Undefined where there is no run that can be read. */
  static read(folder: string, runId: string, experimentId: string, isNew = false): IndexedRun | undefined {
    const stored = new StoredRun(folder, runId, experimentId);
    if (!stored.refresh()) return undefined;
    const indexed = new IndexedRun(folder, stored, stored.load());
    indexed.#mark(Date.now());
    indexed.#isOwnChange = isNew;
    return indexed;
  }

  /** As it is given out; another object after every change. */
  get run(): Run {
    return this.#run;
  }

  get info(): RunInfo {
    return this.#run.info;
  }

  param(key: string): string | undefined {
    return this.#run.data.params.get(key);
  }

  tag(key: string): string | undefined {
    return this.#run.data.tags.get(key);
  }

  metric(key: string): number | undefined {
    return this.#run.data.metrics.get(key)?.value;
  }

  datasets(): readonly DatasetInput[] {
    return this.#run.datasets;
  }

  /**
   * Looks for what others changed at the run's state and its tags. `stale`: values are to be read again; `gone`: there is no such run any more.
   */
  check(): 'current' | 'stale' | 'gone' {
    const info = this.#stored.refresh();
    if (!info) return 'gone';
    const isSame = isSameInfo(info, this.info);
    if (!isSame) this.#run = { ...this.#run, info };
    const changed = changedAt(`${this.folder}/tags`);
    const isSettled = this.#isOwnChange || this.#tagsChanged < this.#readAt - settleMs;
    return isSame && isSettled && changed === this.#tagsChanged ? 'current' : 'stale';
  }

  /** Reads everything again. False where the run is gone. */
  reload(): boolean {
    const now = Date.now();
    if (!this.#stored.refresh()) return false;
    this.#run = this.#stored.load();
    this.#isOwn = false;
    this.#mark(now);
    return true;
  }

  setInfo(info: RunInfo): void {
    const { data, datasets } = this.#run;
    this.#run = { info, data, datasets };
    if (info.runName !== data.tags.get('mlflow.runName'))
      this.apply({ tags: [['mlflow.runName', info.runName]] });
  }

  apply({ metrics = [], params = [], tags = [] }: LogBatch): void {
    const own = this.#own();
    for (const { key, value, timestamp, step } of metrics) {
      const point = { value, timestamp, step };
      const known = own.metrics.get(key);
      if (!known || isLater(point, known)) own.metrics.set(key, point);
    }
    for (const [key, value] of params) own.params.set(key, value);
    for (const [key, value] of tags) own.tags.set(key, value);
    if (tags.length > 0) this.#markOwn();
    const name = tags.findLast(([key]) => key === 'mlflow.runName')?.[1];
    if (name !== undefined) this.#run = { ...this.#run, info: { ...this.info, runName: name } };
  }

  deleteTag(key: string): void {
    this.#own().tags.delete(key);
    this.#markOwn();
  }

  #own(): { metrics: Map<string, MetricPoint>; params: Map<string, string>; tags: Map<string, string> } {
    const { info, data, datasets } = this.#run;
    const maps = this.#isOwn
      ? { metrics: data.metrics, params: data.params, tags: data.tags }
      : { metrics: new Map(data.metrics), params: new Map(data.params), tags: new Map(data.tags) };
    this.#isOwn = true;
    this.#run = { info, data: maps, datasets };
    return maps as Maps;
  }

  #markOwn(): void {
    this.#tagsChanged = changedAt(`${this.folder}/tags`);
    this.#isOwnChange = true;
  }

  #mark(readAt: number): void {
    this.#isOwnChange = false;
    this.#tagsChanged = changedAt(`${this.folder}/tags`);
    this.#readAt = readAt;
  }
}

function isSameInfo(a: RunInfo, b: RunInfo): boolean {
  return (
    a.status === b.status &&
    a.endTime === b.endTime &&
    a.startTime === b.startTime &&
    a.runName === b.runName &&
    a.lifecycleStage === b.lifecycleStage &&
    a.userId === b.userId &&
    a.artifactUri === b.artifactUri
  );
}
