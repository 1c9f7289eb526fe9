import { statSync } from 'node:fs';
import { isKey } from '../names.ts';
import type { SearchableRun } from '../search/values.ts';
import type { DatasetInput, MetricPoint, Run, RunInfo } from '../types.ts';
import { markSize, pointSize, type RunRecord } from './bulk/run-record.ts';
import { readDatasets } from './datasets.ts';
import { changedAt, type EntryNames, isUnchanged, listEntries, readEntries } from './entries.ts';
import { runInfoOf } from './meta.ts';
import { parseMeta } from './meta-yaml.ts';
import { latestPoint } from './metric-file.ts';
import { readText } from './read-text.ts';

/** Something read once, with the time at which that was. */
interface Part<T> {
  readonly names: EntryNames;
  readonly values: Map<string, T>;
  readonly readAt: number;
}

interface MetaPart {
  readonly changed: number;
  readonly size: number;
  readonly readAt: number;
  readonly info: RunInfo;
}

/** How long the metrics of an ended run are believed while no file comes or goes: a client may append to one without any other trace. */
const endedMetricsTrust = 10_000;

/**
 * One run of a file store, read as far as it is asked for, and remembered: a list of a thousand runs is not fifty thousand files each
 * time. Params cannot change, tags are read each time, metrics of a run that has not ended as well.
 */
export class StoredRun implements SearchableRun {
  #isUnreadable = false;
  #meta: MetaPart | undefined;
  #params: Part<string> | undefined;
  #tagNames: { readonly names: EntryNames; readonly readAt: number } | undefined;
  #metrics: Part<MetricPoint> | undefined;

  constructor(
    readonly folder: string,
    readonly runId: string,
    private readonly experimentId: string,
  ) {}

  /** Its values have not been read yet. */
  get isCold(): boolean {
    return this.#params === undefined;
  }

  /** `refresh` found a `meta.yaml` that is no mapping, or cannot be read. */
  get isUnreadable(): boolean {
    return this.#isUnreadable;
  }

  /** As `refresh` found it. */
  get info(): RunInfo {
    if (!this.#meta) throw new Error('the run has not been read');
    return this.#meta.info;
  }

  /** Looks at `meta.yaml`; undefined where there is none that can be read: a run in the making, or none. */
  refresh(): RunInfo | undefined {
    const path = `${this.folder}/meta.yaml`;
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return undefined;
    const old = this.#meta;
    if (old && old.changed === stat.ctimeMs && old.size === stat.size && stat.ctimeMs < old.readAt - 50)
      return old.info;
    // Beside times of files, hence the machine's own clock.
    const readAt = Date.now();
    const meta = parseMeta(readText(path) ?? '');
    this.#isUnreadable = meta === undefined;
    if (!meta) return undefined;
    const info = runInfoOf(meta, this.runId, this.experimentId);
    const named = info.runName === '' ? { ...info, runName: this.tag('mlflow.runName') ?? '' } : info;
    this.#meta = { changed: stat.ctimeMs, size: stat.size, readAt, info: named };
    this.#metrics = undefined;
    return named;
  }

  param(key: string): string | undefined {
    if (this.#params) return this.#readParams().get(key);
    return isKey(key) ? readText(`${this.folder}/params/${key}`) : undefined;
  }

  tag(key: string): string | undefined {
    return isKey(key) ? readText(`${this.folder}/tags/${key}`) : undefined;
  }

  metric(key: string): number | undefined {
    if (this.#isTrusted(this.#metrics)) return this.#metrics.values.get(key)?.value;
    const text = isKey(key) ? readText(`${this.folder}/metrics/${key}`) : undefined;
    return text === undefined ? undefined : latestPoint(text)?.value;
  }

  datasets(): readonly DatasetInput[] {
    return readDatasets(this.folder);
  }

  /** The whole run, after `refresh`. */
  load(): Run {
    const names = this.#readTagNames();
    return {
      info: this.info,
      data: {
        params: this.#readParams(),
        metrics: this.#readMetrics(),
        tags: readEntries(`${this.folder}/tags`, names, (text) => text),
      },
      datasets: this.datasets(),
    };
  }

  /** The whole run, after `refresh`, with the values of a record that was read just now; `marks` say how its folders stand, where that is known. */
  adopt({ files, texts, points, readAt }: RunRecord, marks?: Float64Array): Run {
    const { params, metrics, tags } = files;
    const paramValues = new Map<string, string>();
    for (let i = 0; i < params.length; i++) paramValues.set(params[i]!, texts[i]!);
    const tagValues = new Map<string, string>();
    for (let i = 0; i < tags.length; i++) tagValues.set(tags[i]!, texts[params.length + i]!);
    const current = new Map<string, MetricPoint>();
    for (let i = 0; i < metrics.length; i++) {
      const at = i * pointSize;
      current.set(metrics[i]!, { value: points[at]!, timestamp: points[at + 1]!, step: points[at + 2]! });
    }
    const namesOf = (kind: string, keys: readonly string[]): EntryNames => {
      const folders: { path: string; changed: number }[] = [];
      for (const [i, name] of files.folders.entries()) {
        if (name !== kind && !name.startsWith(`${kind}/`)) continue;
        const path = `${this.folder}/${name}`;
        folders.push({ path, changed: marks?.[i * markSize] ?? changedAt(path) });
      }
      return { keys, folders };
    };
    this.#params = { names: namesOf('params', params), values: paramValues, readAt };
    this.#metrics = { names: namesOf('metrics', metrics), values: current, readAt };
    this.#tagNames = { names: namesOf('tags', tags), readAt };
    return {
      info: this.info,
      data: { params: paramValues, metrics: current, tags: tagValues },
      datasets: this.datasets(),
    };
  }

  #readParams(): Map<string, string> {
    if (!this.#params || !isUnchanged(this.#params.names, this.#params.readAt)) {
      const readAt = Date.now();
      const names = listEntries(`${this.folder}/params`);
      const values = readEntries(`${this.folder}/params`, names, (text) => text);
      this.#params = { names, values, readAt };
    }
    return this.#params.values;
  }

  #readTagNames(): EntryNames {
    if (!this.#tagNames || !isUnchanged(this.#tagNames.names, this.#tagNames.readAt))
      this.#tagNames = { readAt: Date.now(), names: listEntries(`${this.folder}/tags`) };
    return this.#tagNames.names;
  }

  #readMetrics(): Map<string, MetricPoint> {
    const old = this.#metrics;
    const unchanged = old !== undefined && isUnchanged(old.names, old.readAt);
    if (unchanged && this.#isTrusted(old)) return old.values;
    const readAt = Date.now();
    const names = unchanged ? old.names : listEntries(`${this.folder}/metrics`);
    const values = readEntries(`${this.folder}/metrics`, names, latestPoint);
    this.#metrics = { names, values, readAt };
    return values;
  }

  #isTrusted(part: Part<MetricPoint> | undefined): part is Part<MetricPoint> {
    return (
      part !== undefined && this.info.status !== 'RUNNING' && Date.now() - part.readAt < endedMetricsTrust
    );
  }
}
