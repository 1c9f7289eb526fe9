import { statSync } from 'node:fs';
import type { DatasetInput, MetricPoint, Run, RunInfo } from '../types.ts';
import { readDatasets } from './datasets.ts';
import { type EntryNames, isUnchanged, listEntries, readEntries } from './entries.ts';
import { runInfoOf } from './meta.ts';
import { parseMeta } from './meta-yaml.ts';
import { latestPoint } from './metric-file.ts';
import { readText } from './read-text.ts';

interface Known {
  readonly metaChanged: number;
  readonly metaSize: number;
  readonly info: RunInfo;
  readonly readAt: number;
  params: { names: EntryNames; values: Map<string, string>; readAt: number };
  tagNames: EntryNames;
  metrics: { names: EntryNames; values: Map<string, MetricPoint>; readAt: number };
  datasets: readonly DatasetInput[];
}

/** How long the metrics of an ended run are believed while no file comes or goes: a client may append to one without any other trace. */
const endedMetricsTrust = 10_000;

/**
 * Reads runs and remembers them, so that a list of a thousand runs is not fifty thousand files each time. Params cannot change,
 * tags are read each time, metrics of a run that has not ended as well.
 */
export class RunReader {
  readonly #known = new Map<string, Known>();

  /** Undefined where there is no readable `meta.yaml`: a run in the making, or none. */
  info(folder: string, runId: string, experimentId: string): RunInfo | undefined {
    return this.#refresh(folder, runId, experimentId, false)?.info;
  }

  read(folder: string, runId: string, experimentId: string): Run | undefined {
    const known = this.#refresh(folder, runId, experimentId, true);
    if (!known) return undefined;
    const tags = readEntries(`${folder}/tags`, known.tagNames, (text) => text);
    const runName = known.info.runName || tags.get('mlflow.runName') || '';
    return {
      info: runName === known.info.runName ? known.info : { ...known.info, runName },
      data: { params: known.params.values, metrics: known.metrics.values, tags },
      datasets: known.datasets,
    };
  }

  forget(folder: string): void {
    this.#known.delete(folder);
  }

  clear(): void {
    this.#known.clear();
  }

  #refresh(folder: string, runId: string, experimentId: string, all: boolean): Known | undefined {
    const old = this.#known.get(folder);
    // Beside times of files, hence the machine's own clock.
    const now = Date.now();
    const path = `${folder}/meta.yaml`;
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return undefined;
    const metaSame =
      old !== undefined &&
      old.metaChanged === stat.mtimeMs &&
      old.metaSize === stat.size &&
      stat.mtimeMs < old.readAt - 50;
    if (!all && metaSame) return old;
    let info = metaSame ? old.info : undefined;
    if (!info) {
      const meta = parseMeta(readText(path) ?? '');
      if (!meta) return undefined;
      info = runInfoOf(meta, runId, experimentId);
    }
    const ended = info.status !== 'RUNNING';
    const known: Known = {
      metaChanged: stat.mtimeMs,
      metaSize: stat.size,
      info,
      readAt: metaSame ? old.readAt : now,
      params: old && isUnchanged(old.params.names, old.params.readAt) ? old.params : readParams(folder, now),
      tagNames: old && isUnchanged(old.tagNames, old.readAt) ? old.tagNames : listEntries(`${folder}/tags`),
      metrics:
        old &&
        metaSame &&
        ended &&
        now - old.metrics.readAt < endedMetricsTrust &&
        isUnchanged(old.metrics.names, old.metrics.readAt)
          ? old.metrics
          : readMetrics(folder, now, old),
      datasets: old && metaSame && ended ? old.datasets : readDatasets(folder),
    };
    this.#known.set(folder, known);
    return known;
  }
}

function readParams(folder: string, readAt: number): Known['params'] {
  const names = listEntries(`${folder}/params`);
  return { names, values: readEntries(`${folder}/params`, names, (text) => text), readAt };
}

function readMetrics(folder: string, readAt: number, old: Known | undefined): Known['metrics'] {
  const names =
    old && isUnchanged(old.metrics.names, old.metrics.readAt)
      ? old.metrics.names
      : listEntries(`${folder}/metrics`);
  return { names, values: readEntries(`${folder}/metrics`, names, latestPoint), readAt };
}
