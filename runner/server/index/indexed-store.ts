import { existsSync } from 'node:fs';
import type { ArtifactFolder } from '../../../records/tracking/artifact-folder.ts';
import { Layout } from '../../../records/tracking/file/layout.ts';
import { compileFilter } from '../../../records/tracking/search/evaluate.ts';
import { runGrammar } from '../../../records/tracking/search/grammar.ts';
import { checkMaxResults, pageOf } from '../../../records/tracking/search/page.ts';
import { parseFilter } from '../../../records/tracking/search/parse-filter.ts';
import { parseOrder } from '../../../records/tracking/search/parse-order.ts';
import { sortBy } from '../../../records/tracking/search/sort.ts';
import { newestRunFirst, runValue } from '../../../records/tracking/search/values.ts';
import type {
  CreateRunOptions,
  LogBatch,
  RunUpdate,
  SearchOptions,
  TrackingStore,
} from '../../../records/tracking/store.ts';
import {
  type DatasetInput,
  type ExperimentInfo,
  isInView,
  type MetricPoint,
  type Page,
  type Run,
  type RunInfo,
} from '../../../records/tracking/types.ts';
import { ExperimentIndex } from './experiment-index.ts';
import type { IndexedRun } from './indexed-run.ts';

const everyMs = 500;
/** Runs that are read again at each turn, whether they seem to have changed or not. */
const sweepRuns = 15;

/** A page of a listing whose length is known. */
export interface CountedPage<T> extends Page<T> {
  readonly total: number;
}

/**
 * A file store with its runs in memory for lists and searches. Writes go to the store first and are acknowledged when they are there;
 * reads of one run go to the store as well. Other writers of the same folder are noticed: new runs and the state of running ones at once, values of
 * running runs, tags and states of others within seconds, the rest in a slow round.
 */
export class IndexedStore implements TrackingStore {
  readonly #layout: Layout;
  readonly #experiments = new Map<string, ExperimentIndex>();
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly inner: TrackingStore,
    root: string,
  ) {
    this.#layout = new Layout(root);
    this.#timer = setInterval(() => {
      for (const index of this.#experiments.values()) {
        if (!index.isLoaded) continue;
        index.checkSome();
        index.sweep(sweepRuns);
      }
    }, everyMs);
    this.#timer.unref();
  }

  get uri(): string {
    return this.inner.uri;
  }

  /** Reads all experiments that are active, while requests are served already. */
  async warm(): Promise<void> {
    for (const { id } of this.#layout.experiments('ACTIVE_ONLY')) await this.#indexOf(id)?.load();
  }

  async searchRuns(
    experimentIds: readonly string[],
    options: SearchOptions = {},
  ): Promise<Page<Run> | CountedPage<Run>> {
    const { filter = '', orderBy = [], maxResults = 1000, pageToken, view = 'ACTIVE_ONLY' } = options;
    const indexes = [...new Set(experimentIds)]
      .map((id) => this.#indexOf(id))
      .filter((index) => index !== undefined);
    if (!indexes.every((index) => index.isLoaded)) {
      for (const index of indexes) void index.load();
      return this.inner.searchRuns(experimentIds, options);
    }
    checkMaxResults(maxResults);
    const matches = compileFilter(parseFilter(filter, runGrammar), runValue);
    const orders = orderBy.map((text) => parseOrder(text, runGrammar));
    const found: IndexedRun[] = [];
    for (const index of indexes) {
      index.refresh();
      for (const run of index.runs.values())
        if (isInView(run.info.lifecycleStage, view) && matches(run)) found.push(run);
    }
    const { items, nextPageToken } = pageOf(
      sortBy(found, orders, runValue, newestRunFirst),
      maxResults,
      pageToken,
    );
    return { items: items.map(({ run }) => run), nextPageToken, total: found.length };
  }

  async createRun(options: CreateRunOptions): Promise<RunInfo> {
    const info = await this.inner.createRun(options);
    this.#experiments.get(info.experimentId)?.added(info.runId);
    return info;
  }

  async updateRun(runId: string, update: RunUpdate): Promise<RunInfo> {
    const info = await this.inner.updateRun(runId, update);
    this.#find(runId)?.setInfo(info);
    return info;
  }

  async deleteRun(runId: string): Promise<void> {
    await this.inner.deleteRun(runId);
    this.#find(runId)?.reload();
  }

  async restoreRun(runId: string): Promise<void> {
    await this.inner.restoreRun(runId);
    this.#find(runId)?.reload();
  }

  async logBatch(runId: string, batch: LogBatch): Promise<void> {
    await this.inner.logBatch(runId, batch);
    this.#find(runId)?.apply(batch);
  }

  async deleteTag(runId: string, key: string): Promise<void> {
    await this.inner.deleteTag(runId, key);
    this.#find(runId)?.deleteTag(key);
  }

  async logInputs(runId: string, datasets: readonly DatasetInput[]): Promise<void> {
    await this.inner.logInputs(runId, datasets);
    this.#find(runId)?.reload();
  }

  async deleteExperiment(experimentId: string): Promise<void> {
    await this.inner.deleteExperiment(experimentId);
    this.#experiments.delete(experimentId);
  }

  async restoreExperiment(experimentId: string): Promise<void> {
    await this.inner.restoreExperiment(experimentId);
    this.#experiments.delete(experimentId);
  }

  createExperiment(...args: Parameters<TrackingStore['createExperiment']>): Promise<string> {
    return this.inner.createExperiment(...args);
  }

  getExperiment(experimentId: string): Promise<ExperimentInfo> {
    return this.inner.getExperiment(experimentId);
  }

  getExperimentByName(name: string): Promise<ExperimentInfo | undefined> {
    return this.inner.getExperimentByName(name);
  }

  searchExperiments(options?: SearchOptions): Promise<Page<ExperimentInfo>> {
    return this.inner.searchExperiments(options);
  }

  renameExperiment(experimentId: string, name: string): Promise<void> {
    return this.inner.renameExperiment(experimentId, name);
  }

  setExperimentTag(experimentId: string, key: string, value: string): Promise<void> {
    return this.inner.setExperimentTag(experimentId, key, value);
  }

  deleteExperimentTag(experimentId: string, key: string): Promise<void> {
    return this.inner.deleteExperimentTag(experimentId, key);
  }

  getRun(runId: string): Promise<Run> {
    return this.inner.getRun(runId);
  }

  getMetricHistory(runId: string, key: string): Promise<readonly MetricPoint[]> {
    return this.inner.getMetricHistory(runId, key);
  }

  artifacts(runId: string): Promise<ArtifactFolder> {
    return this.inner.artifacts(runId);
  }

  flush(runId: string): Promise<void> {
    return this.inner.flush(runId);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#experiments.clear();
    await this.inner.close();
  }

  #find(runId: string): IndexedRun | undefined {
    for (const { runs } of this.#experiments.values()) {
      const run = runs.get(runId);
      if (run) return run;
    }
    return undefined;
  }

  /** Of an experiment that is there, where it is now. */
  #indexOf(id: string): ExperimentIndex | undefined {
    const known = this.#experiments.get(id);
    if (known && existsSync(`${known.folder}/meta.yaml`)) return known;
    const found = this.#layout.findExperiment(id);
    if (!found) {
      this.#experiments.delete(id);
      return undefined;
    }
    const index = new ExperimentIndex(found.folder, id, this.#layout);
    this.#experiments.set(id, index);
    return index;
  }
}
