import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactFolder } from '../artifact-folder.ts';
import { localArtifacts } from '../artifact-uri.ts';
import { invalid, notFound, TrackingError } from '../errors.ts';
import { checkEntry, checkKey, checkRunName, isRunId } from '../names.ts';
import { searchExperiments, searchRuns } from '../search/search.ts';
import { compareText } from '../search/sort.ts';
import type { CreateRunOptions, LogBatch, RunUpdate, SearchOptions, TrackingStore } from '../store.ts';
import {
  type DatasetInput,
  type ExperimentInfo,
  isInView,
  type MetricPoint,
  type Page,
  type Run,
  type RunInfo,
  type ViewType,
} from '../types.ts';
import { replaceFile, syncPath } from './atomic.ts';
import { BulkLoader } from './bulk/bulk-loader.ts';
import { RunIndex } from './bulk/run-index.ts';
import { Experiments } from './experiments.ts';
import { Layout } from './layout.ts';
import { LocalArtifacts } from './local-artifacts.ts';
import { runMeta } from './meta.ts';
import { formatMeta } from './meta-yaml.ts';
import { parsePoints } from './metric-file.ts';
import { MetricWriter } from './metric-writer.ts';
import { readText } from './read-text.ts';
import { RunEntries } from './run-entries.ts';
import { RunReader } from './run-reader.ts';
import type { StoredRun } from './stored-run.ts';
import { writeDatasets } from './write-datasets.ts';

/** How long a run that was found active is taken to be so. */
const activeTrust = 1000;

interface OpenRun {
  readonly folder: string;
  readonly entries: RunEntries;
  checkedAt: number;
}

/** MLflow's file store: a folder of `meta.yaml`, `params/`, `metrics/`, `tags/` and `artifacts/`, which MLflow reads and writes as well. */
export class FileStore implements TrackingStore {
  readonly #layout: Layout;
  readonly #experiments: Experiments;
  readonly #reader: RunReader;
  readonly #bulk: BulkLoader;
  readonly #writer = new MetricWriter();
  readonly #open = new Map<string, OpenRun>();
  readonly #now: () => number;

  /** `folder` is absolute; it is made when something is first asked for. In `indexFolder`, of a cache, is kept what long searches read. */
  constructor(
    readonly uri: string,
    folder: string,
    now: () => number,
    indexFolder?: string,
  ) {
    this.#now = now;
    this.#layout = new Layout(folder);
    this.#experiments = new Experiments(this.#layout, now);
    this.#reader = new RunReader();
    this.#bulk = new BulkLoader(
      this.#layout,
      indexFolder === undefined ? undefined : new RunIndex(indexFolder),
    );
  }

  async createExperiment(
    name: string,
    {
      artifactLocation,
      tags = {},
    }: { artifactLocation?: string; tags?: Readonly<Record<string, string>> } = {},
  ): Promise<string> {
    return this.#experiments.create(name, artifactLocation, tags);
  }

  async getExperiment(experimentId: string): Promise<ExperimentInfo> {
    this.#experiments.ensureStore();
    return this.#experiments.get(experimentId).info;
  }

  async getExperimentByName(name: string): Promise<ExperimentInfo | undefined> {
    this.#experiments.ensureStore();
    return this.#experiments.byName(name);
  }

  async searchExperiments(options: SearchOptions = {}): Promise<Page<ExperimentInfo>> {
    this.#experiments.ensureStore();
    return searchExperiments(() => this.#experiments.all(options.view ?? 'ACTIVE_ONLY'), options);
  }

  async renameExperiment(experimentId: string, name: string): Promise<void> {
    this.#experiments.rename(experimentId, name);
  }

  async setExperimentTag(experimentId: string, key: string, value: string): Promise<void> {
    this.#experiments.setTag(experimentId, key, value);
  }

  async deleteExperimentTag(experimentId: string, key: string): Promise<void> {
    this.#experiments.deleteTag(experimentId, key);
  }

  async deleteExperiment(experimentId: string): Promise<void> {
    const { found } = this.#experiments.get(experimentId);
    this.#closeRuns(found.folder);
    // MLflow marks the runs as well; that way they are found by "deleted only".
    if (found.stage === 'active')
      for (const run of this.#runsOf(experimentId, 'ACTIVE_ONLY')) this.#setStage(run.info, 'deleted');
    this.#experiments.delete(experimentId);
    this.#reader.clear();
  }

  async restoreExperiment(experimentId: string): Promise<void> {
    this.#experiments.restore(experimentId);
    this.#reader.clear();
    for (const run of this.#runsOf(experimentId, 'DELETED_ONLY')) this.#setStage(run.info, 'active');
  }

  async createRun({
    experimentId,
    runName,
    userId,
    startTime,
    tags = {},
    runId: given,
  }: CreateRunOptions): Promise<RunInfo> {
    const parent = this.#experiments.writable(experimentId);
    checkRunName(runName);
    for (const [key, value] of Object.entries(tags)) checkEntry('tag', key, value);
    if (given !== undefined) this.#checkNewId(given);
    const runId = given ?? randomUUID().replaceAll('-', '');
    const folder = join(parent.folder, runId);
    const info: RunInfo = {
      runId,
      runName,
      experimentId,
      userId,
      status: 'RUNNING',
      startTime,
      endTime: null,
      // Always in the store, so that it can be moved whole, even where the experiment has a place of its own for artifacts.
      artifactUri: `${parent.url}/${runId}/artifacts`,
      lifecycleStage: 'active',
    };
    mkdirSync(folder);
    for (const name of ['metrics', 'params', 'artifacts', 'tags']) mkdirSync(`${folder}/${name}`);
    const entries = new RunEntries(folder, this.#layout, this.#writer, true);
    for (const [key, value] of Object.entries({ ...tags, 'mlflow.runName': runName }))
      entries.writeTag(key, value);
    // Nobody sees the run before this file is there.
    replaceFile(`${folder}/meta.yaml`, formatMeta(runMeta(info)), folder);
    this.#layout.remember(runId, folder);
    this.#open.set(runId, { folder, entries, checkedAt: this.#now() });
    return info;
  }

  async getRun(runId: string): Promise<Run> {
    const folder = this.#folderOf(runId);
    const run = this.#reader.read(folder, runId, experimentOf(folder));
    if (!run) throw notFound(`run ${runId} has no readable meta.yaml`);
    return run;
  }

  async updateRun(runId: string, { status, endTime, runName }: RunUpdate): Promise<RunInfo> {
    if (runName !== undefined) checkRunName(runName);
    const old = this.#infoOf(runId);
    if (old.lifecycleStage === 'deleted') throw deletedRun(runId);
    const info: RunInfo = {
      ...old,
      status: status ?? old.status,
      endTime: endTime === undefined ? old.endTime : endTime,
      runName: runName ?? old.runName,
    };
    if (runName !== undefined) this.#opened(runId).entries.setTag('mlflow.runName', runName);
    this.#writeInfo(info);
    return info;
  }

  async deleteRun(runId: string): Promise<void> {
    this.#setStage(this.#infoOf(runId), 'deleted');
  }

  async restoreRun(runId: string): Promise<void> {
    this.#setStage(this.#infoOf(runId), 'active');
  }

  async purgeRun(runId: string): Promise<void> {
    const folder = this.#folderOf(runId);
    if (this.#infoOf(runId).lifecycleStage !== 'deleted') throw notDeleted(`run ${runId}`);
    if (!this.#layout.contains(folder)) throw invalid(`run ${runId} is a link out of the store`);
    this.#closeRuns(folder);
    await rm(folder, { recursive: true });
    this.#reader.forget(folder);
  }

  async purgeExperiment(experimentId: string): Promise<void> {
    const { found } = this.#experiments.get(experimentId);
    if (found.stage !== 'deleted') throw notDeleted(`experiment ${experimentId}`);
    if (!this.#layout.contains(found.folder))
      throw invalid(`experiment ${experimentId} is a link out of the store`);
    this.#closeRuns(found.folder);
    await rm(found.folder, { recursive: true });
    this.#reader.clear();
  }

  async searchRuns(experimentIds: readonly string[], options: SearchOptions = {}): Promise<Page<Run>> {
    const view = options.view ?? 'ACTIVE_ONLY';
    const all = () => {
      const ids = [...new Set(experimentIds)];
      // without a filter the page will be full
      if (!options.filter) this.#bulk.expect(Math.min(options.maxResults ?? 1000, this.#countNew(ids)));
      return ids.flatMap((id) => this.#runsOf(id, view));
    };
    const { items, nextPageToken } = searchRuns(all, options);
    return { items: await this.#bulk.load(items), nextPageToken };
  }

  unreadable(): readonly string[] {
    return [...this.#experiments.unreadable, ...this.#reader.unreadable].sort(compareText);
  }

  async logBatch(runId: string, batch: LogBatch): Promise<void> {
    this.#opened(runId).entries.log(batch);
    const name = batch.tags?.find(([key]) => key === 'mlflow.runName');
    if (name) this.#writeInfo({ ...this.#infoOf(runId), runName: name[1] });
  }

  async deleteTag(runId: string, key: string): Promise<void> {
    this.#opened(runId).entries.deleteTag(key);
  }

  async logInputs(runId: string, datasets: readonly DatasetInput[]): Promise<void> {
    const { folder } = this.#opened(runId);
    writeDatasets(folder, runId, datasets, this.#layout);
  }

  async getMetricHistory(runId: string, key: string): Promise<readonly MetricPoint[]> {
    checkKey('metric', key);
    return parsePoints(readText(`${this.#folderOf(runId)}/metrics/${key}`) ?? '');
  }

  /**
   * The folder in the store, wherever `artifact_uri` says: a store may have been moved. Only artifacts that were never in it (an
   * experiment of MLflow with a place of its own) are read where the uri says.
   */
  async artifacts(runId: string): Promise<ArtifactFolder> {
    const folder = this.#folderOf(runId);
    const { artifactUri } = this.#infoOf(runId);
    const inStore = artifactUri === '' || artifactUri.endsWith(`/${experimentOf(folder)}/${runId}/artifacts`);
    const elsewhere = inStore ? null : localArtifacts(artifactUri);
    if (elsewhere === null)
      return new LocalArtifacts(`${folder}/artifacts`, this.#layout.contains(folder) ? folder : null);
    return new LocalArtifacts(elsewhere, null);
  }

  async flush(runId: string): Promise<void> {
    const folder = this.#folderOf(runId);
    this.#writer.sync(`${folder}/`);
    syncPath(`${folder}/meta.yaml`);
    for (const name of ['metrics', 'params', 'tags', 'artifacts', '']) syncPath(join(folder, name));
  }

  async close(): Promise<void> {
    this.#writer.close();
    this.#bulk.close();
    this.#open.clear();
    this.#reader.clear();
  }

  #checkNewId(runId: string): void {
    if (!isRunId(runId)) throw invalid(`${JSON.stringify(runId.slice(0, 100))} is no id of a run`);
    if (this.#layout.findRun(runId))
      throw new TrackingError('RESOURCE_ALREADY_EXISTS', `run ${runId} is there already`);
  }

  #folderOf(runId: string): string {
    const folder = this.#layout.findRun(runId);
    if (!folder)
      throw notFound(`no run with id ${JSON.stringify(runId.slice(0, 100))} in ${this.#layout.root}`);
    return folder;
  }

  #infoOf(runId: string): RunInfo {
    const folder = this.#folderOf(runId);
    const info = this.#reader.info(folder, runId, experimentOf(folder));
    if (!info) throw notFound(`run ${runId} has no readable meta.yaml`);
    return info;
  }

  /** Runs that were not read yet. */
  #countNew(experimentIds: readonly string[]): number {
    let count = 0;
    for (const id of experimentIds) {
      const folder = this.#layout.findExperiment(id)?.folder;
      if (folder === undefined) continue;
      for (const run of this.#layout.runsIn(folder)) if (!this.#reader.knows(`${folder}/${run}`)) count++;
    }
    return count;
  }

  #runsOf(experimentId: string, view: ViewType): StoredRun[] {
    const found = this.#layout.findExperiment(experimentId);
    if (!found) return [];
    return this.#layout
      .runsIn(found.folder)
      .map((id) => this.#reader.find(`${found.folder}/${id}`, id, experimentId))
      .filter((run) => run !== undefined)
      .filter((run) => isInView(run.info.lifecycleStage, view));
  }

  /** The run, ready to be written to; looked at again once a second, for another process may delete it. */
  #opened(runId: string): OpenRun {
    const now = this.#now();
    const known = this.#open.get(runId);
    if (known && now - known.checkedAt < activeTrust) return known;
    const folder = this.#folderOf(runId);
    if (this.#infoOf(runId).lifecycleStage === 'deleted') throw deletedRun(runId);
    if (known && known.folder === folder) {
      known.checkedAt = now;
      return known;
    }
    const run = { folder, entries: new RunEntries(folder, this.#layout, this.#writer), checkedAt: now };
    this.#open.set(runId, run);
    return run;
  }

  #setStage(info: RunInfo, lifecycleStage: 'active' | 'deleted'): void {
    this.#closeRuns(this.#folderOf(info.runId));
    this.#writeInfo({ ...info, lifecycleStage }, lifecycleStage === 'deleted' ? this.#now() : undefined);
  }

  #writeInfo(info: RunInfo, deletedTime?: number): void {
    const folder = this.#folderOf(info.runId);
    if (!this.#layout.contains(folder)) throw invalid(`run ${info.runId} is a link out of the store`);
    replaceFile(`${folder}/meta.yaml`, formatMeta(runMeta(info, deletedTime)), folder);
    this.#reader.forget(folder);
  }

  /** Lets go of the runs in a folder. */
  #closeRuns(folder: string): void {
    this.#writer.close(`${folder}/`);
    for (const [id, run] of this.#open) if (`${run.folder}/`.startsWith(`${folder}/`)) this.#open.delete(id);
  }
}

const experimentOf = (runFolder: string): string => runFolder.split(/[/\\]/).at(-2) ?? '';

function notDeleted(what: string): Error {
  return invalid(`${what} is not deleted`, 'only what is in the trash can be deleted for good');
}

function deletedRun(runId: string): Error {
  return invalid(`run ${runId} is deleted`, 'restore it before it is changed');
}
