import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ArtifactFolder } from '../artifact-folder.ts';
import { localArtifacts } from '../artifact-uri.ts';
import { checkBatch } from '../check-batch.ts';
import { invalid, notFound, TrackingError } from '../errors.ts';
import { LocalArtifacts } from '../file/local-artifacts.ts';
import { checkEntry, checkExperimentName, checkKey, checkRunName, isExperimentId } from '../names.ts';
import { experimentGrammar, runGrammar } from '../search/grammar.ts';
import { checkMaxResults, offsetOf, tokenOf } from '../search/page.ts';
import { parseFilter } from '../search/parse-filter.ts';
import { parseOrder } from '../search/parse-order.ts';
import type { CreateRunOptions, LogBatch, RunUpdate, SearchOptions, TrackingStore } from '../store.ts';
import type {
  DatasetInput,
  ExperimentInfo,
  LifecycleStage,
  MetricPoint,
  Page,
  Run,
  RunInfo,
} from '../types.ts';
import { TrackingDatabase, type Value } from './database.ts';
import { purgeExperimentRows, purgeRunRows } from './purge.ts';
import { experimentColumns, experimentInfoOf, fromStored, loadRuns, runColumns, runInfoOf } from './rows.ts';
import {
  conditionsOf,
  experimentCondition,
  experimentOrder,
  isNumber,
  joined,
  runOrder,
  type Sql,
  stageCondition,
} from './search-sql.ts';
import { logInputs, logMetrics, logParams, logTags } from './write-batch.ts';

/** How long a run that was found active is taken to be so. */
const activeTrust = 1000;
/** MLflow's first experiment. */
const defaultId = '0';

/** MLflow's SQLite store, versions 2.22 and 3: one file, with a folder of artifacts beside it. */
export class SqliteStore implements TrackingStore {
  #opened: TrackingDatabase | undefined;
  readonly #active = new Map<string, number>();

  /** `path` is absolute; the file is made when something is first asked for. */
  constructor(
    readonly uri: string,
    private readonly path: string,
    private readonly now: () => number,
  ) {}

  async createExperiment(
    name: string,
    {
      artifactLocation,
      tags = {},
    }: { artifactLocation?: string; tags?: Readonly<Record<string, string>> } = {},
  ): Promise<string> {
    checkExperimentName(name);
    for (const [key, value] of Object.entries(tags)) checkEntry('tag', key, value);
    const database = this.#database;
    return database.write(() => {
      const taken = this.#experimentWhere('e.name = ?', name);
      if (taken) throw alreadyThere(taken);
      const now = this.now();
      database.run(
        'INSERT INTO experiments (name, artifact_location, lifecycle_stage, creation_time, last_update_time) VALUES (?, ?, ?, ?, ?)',
        name,
        artifactLocation ?? '',
        'active',
        now,
        now,
      );
      const [id] = database.first<[string]>('SELECT CAST(last_insert_rowid() AS TEXT)')!;
      if (artifactLocation === undefined)
        database.run(
          'UPDATE experiments SET artifact_location = ? WHERE experiment_id = ?',
          this.#locationOf(id),
          id,
        );
      for (const [key, value] of Object.entries(tags)) this.#tagExperiment(id, key, value);
      return id;
    });
  }

  async getExperiment(experimentId: string): Promise<ExperimentInfo> {
    return this.#experiment(experimentId);
  }

  async getExperimentByName(name: string): Promise<ExperimentInfo | undefined> {
    return this.#experimentWhere('e.name = ?', name);
  }

  async searchExperiments(options: SearchOptions = {}): Promise<Page<ExperimentInfo>> {
    const { filter = '', orderBy = [], view = 'ACTIVE_ONLY' } = options;
    const conditions = parseFilter(filter, experimentGrammar).map(experimentCondition);
    const order = experimentOrder(orderBy.map((text) => parseOrder(text, experimentGrammar)));
    const from = `SELECT ${experimentColumns} FROM experiments e`;
    const page = this.#page(from, [...conditions, ...stageCondition('e', view)], order, options);
    const tags = this.#experimentTags();
    return {
      ...page,
      items: page.items.map((row) => experimentInfoOf(row, tags.get(String(row[0])) ?? new Map())),
    };
  }

  async renameExperiment(experimentId: string, name: string): Promise<void> {
    checkExperimentName(name);
    this.#database.write(() => {
      const info = this.#experiment(experimentId);
      if (info.lifecycleStage === 'deleted') throw deletedExperiment(info);
      const taken = this.#experimentWhere('e.name = ?', name);
      if (taken && taken.experimentId !== experimentId) throw alreadyThere(taken);
      this.#updateExperiment(experimentId, 'name = ?', name);
    });
  }

  async setExperimentTag(experimentId: string, key: string, value: string): Promise<void> {
    checkEntry('tag', key, value);
    this.#database.write(() => this.#tagExperiment(this.#experiment(experimentId).experimentId, key, value));
  }

  async deleteExperimentTag(experimentId: string, key: string): Promise<void> {
    checkKey('tag', key);
    const id = this.#experiment(experimentId).experimentId;
    if (this.#database.run('DELETE FROM experiment_tags WHERE experiment_id = ? AND key = ?', id, key) === 0)
      throw notFound(`no tag "${key}" in the experiment`);
  }

  async deleteExperiment(experimentId: string): Promise<void> {
    if (experimentId === defaultId) throw invalid('the experiment "Default" cannot be deleted');
    this.#database.write(() => {
      const info = this.#experiment(experimentId);
      if (info.lifecycleStage === 'deleted') throw deletedExperiment(info);
      this.#setStage(experimentId, 'deleted');
    });
  }

  async restoreExperiment(experimentId: string): Promise<void> {
    this.#database.write(() => {
      const info = this.#experiment(experimentId);
      if (info.lifecycleStage === 'active') throw invalid(`experiment "${info.name}" is not deleted`);
      this.#setStage(experimentId, 'active');
    });
  }

  async createRun({
    experimentId,
    runName,
    userId,
    startTime,
    tags = {},
    runId = randomUUID().replaceAll('-', ''),
  }: CreateRunOptions): Promise<RunInfo> {
    checkRunName(runName);
    for (const [key, value] of Object.entries(tags)) checkEntry('tag', key, value);
    if (!/^[\w-]{1,32}$/.test(runId))
      throw invalid(`${JSON.stringify(runId.slice(0, 100))} is no id of a run`);
    const database = this.#database;
    const info = database.write((): RunInfo => {
      if (database.first('SELECT 1 FROM runs WHERE run_uuid = ?', runId))
        throw new TrackingError('RESOURCE_ALREADY_EXISTS', `run ${runId} is there already`);
      const experiment = this.#experiment(experimentId);
      if (experiment.lifecycleStage === 'deleted') throw deletedExperiment(experiment);
      const artifactUri = pathToFileURL(this.#artifactFolder(experimentId, runId)).href;
      database.run(
        "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, source_version, user_id, status, start_time, lifecycle_stage, artifact_uri, experiment_id) VALUES (?, ?, 'UNKNOWN', '', '', '', ?, 'RUNNING', ?, 'active', ?, ?)",
        runId,
        runName,
        userId,
        startTime,
        artifactUri,
        experimentId,
      );
      logTags(database, runId, Object.entries({ ...tags, 'mlflow.runName': runName }));
      const base = { runId, runName, experimentId, userId, startTime, artifactUri };
      return { ...base, status: 'RUNNING', endTime: null, lifecycleStage: 'active' };
    });
    this.#active.set(runId, this.now());
    return info;
  }

  async getRun(runId: string): Promise<Run> {
    return loadRuns(this.#database, [this.#info(runId)])[0]!;
  }

  async updateRun(runId: string, { status, endTime, runName }: RunUpdate): Promise<RunInfo> {
    if (runName !== undefined) checkRunName(runName);
    const database = this.#database;
    return database.write(() => {
      const old = this.#info(runId);
      if (old.lifecycleStage === 'deleted') throw deletedRun(runId);
      const info: RunInfo = {
        ...old,
        status: status ?? old.status,
        endTime: endTime === undefined ? old.endTime : endTime,
        runName: runName ?? old.runName,
      };
      database.run(
        'UPDATE runs SET status = ?, end_time = ?, name = ? WHERE run_uuid = ?',
        info.status,
        info.endTime,
        info.runName,
        runId,
      );
      if (runName !== undefined) logTags(database, runId, [['mlflow.runName', runName]]);
      return info;
    });
  }

  async deleteRun(runId: string): Promise<void> {
    this.#active.delete(runId);
    this.#info(runId);
    this.#database.run(
      "UPDATE runs SET lifecycle_stage = 'deleted', deleted_time = ? WHERE run_uuid = ?",
      this.now(),
      runId,
    );
  }

  async restoreRun(runId: string): Promise<void> {
    this.#info(runId);
    this.#database.run(
      "UPDATE runs SET lifecycle_stage = 'active', deleted_time = NULL WHERE run_uuid = ?",
      runId,
    );
  }

  async purgeRun(runId: string): Promise<void> {
    const { lifecycleStage } = this.#info(runId);
    if (lifecycleStage !== 'deleted') throw notDeleted(`run ${runId}`);
    const folder = await this.#ownFolder(runId);
    this.#database.write(() => purgeRunRows(this.#database, runId));
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  async purgeExperiment(experimentId: string): Promise<void> {
    const { lifecycleStage } = this.#experiment(experimentId);
    if (lifecycleStage !== 'deleted') throw notDeleted(`experiment ${experimentId}`);
    this.#database.write(() => purgeExperimentRows(this.#database, experimentId));
    await rm(join(this.#root, experimentId), { recursive: true, force: true });
  }

  async searchRuns(experimentIds: readonly string[], options: SearchOptions = {}): Promise<Page<Run>> {
    const order = runOrder((options.orderBy ?? []).map((text) => parseOrder(text, runGrammar)));
    const from = `SELECT ${runColumns} FROM runs r`;
    const page = this.#page(from, conditionsOf(experimentIds, options), order, options);
    return { ...page, items: loadRuns(this.#database, page.items.map(runInfoOf)) };
  }

  async countRuns(experimentIds: readonly string[], options: SearchOptions = {}): Promise<number> {
    const { text, values } = joined(conditionsOf(experimentIds, options));
    return this.#database.first<[number]>(`SELECT COUNT(*) FROM runs r WHERE ${text}`, ...values)![0];
  }

  async logBatch(runId: string, batch: LogBatch): Promise<void> {
    checkBatch(batch);
    const { params = [], metrics = [], tags = [] } = batch;
    const database = this.#database;
    database.write(() => {
      this.#checkActive(runId);
      logParams(database, runId, params);
      logMetrics(database, runId, metrics);
      logTags(database, runId, tags);
      const name = tags.find(([key]) => key === 'mlflow.runName');
      if (name) database.run('UPDATE runs SET name = ? WHERE run_uuid = ?', name[1], runId);
    });
  }

  async deleteTag(runId: string, key: string): Promise<void> {
    checkKey('tag', key);
    this.#checkActive(runId);
    if (this.#database.run('DELETE FROM tags WHERE run_uuid = ? AND key = ?', runId, key) === 0)
      throw notFound(`no tag "${key}" in the run`);
  }

  async logInputs(runId: string, datasets: readonly DatasetInput[]): Promise<void> {
    const database = this.#database;
    database.write(() => {
      const info = this.#info(runId);
      if (info.lifecycleStage === 'deleted') throw deletedRun(runId);
      logInputs(database, info, datasets);
    });
  }

  async getMetricHistory(runId: string, key: string): Promise<readonly MetricPoint[]> {
    checkKey('metric', key);
    this.#info(runId);
    const rows = this.#database.all<[number, number, number, unknown]>(
      'SELECT value, timestamp, step, is_nan FROM metrics WHERE run_uuid = ? AND key = ? ORDER BY rowid',
      runId,
      key,
    );
    return rows.map(([value, timestamp, step, nan]) => ({
      value: fromStored(value, nan),
      timestamp,
      step,
    }));
  }

  /**
   * The folder beside the file, wherever `artifact_uri` says, if it is there: the file and its folder may have been moved. Artifacts that
   * MLflow keeps elsewhere are read there.
   */
  async artifacts(runId: string): Promise<ArtifactFolder> {
    const { experimentId, artifactUri } = this.#info(runId);
    const own = this.#artifactFolder(experimentId, runId);
    const folder = dirname(this.path);
    const beside = ['mlruns', 'mlartifacts'].map((root) =>
      join(folder, root, experimentId, runId, 'artifacts'),
    );
    const found = [own, ...beside].find((path) => existsSync(path));
    if (found) return new LocalArtifacts(found, dirname(found));
    const elsewhere = localArtifacts(artifactUri);
    if (elsewhere !== null && existsSync(elsewhere)) return new LocalArtifacts(elsewhere, null);
    return new LocalArtifacts(own, dirname(own));
  }

  async flush(): Promise<void> {
    this.#database.sync();
  }

  async close(): Promise<void> {
    this.#opened?.close();
    this.#opened = undefined;
    this.#active.clear();
  }

  get #database(): TrackingDatabase {
    if (this.#opened) return this.#opened;
    const database = new TrackingDatabase(this.path);
    this.#opened = database;
    if (!database.first('SELECT 1 FROM experiments LIMIT 1'))
      database.run(
        "INSERT OR IGNORE INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time) VALUES (0, 'Default', ?, 'active', ?, ?)",
        this.#locationOf(defaultId),
        this.now(),
        this.now(),
      );
    return database;
  }

  /** `runs.db` keeps its artifacts in `runs-artifacts`. */
  get #root(): string {
    return join(dirname(this.path), `${basename(this.path).replace(/\.\w+$/, '')}-artifacts`);
  }

  #locationOf(experimentId: string): string {
    return pathToFileURL(join(this.#root, experimentId)).href;
  }

  /** The folder around the artifacts of a run, if it lies beside the database. */
  async #ownFolder(runId: string): Promise<string | undefined> {
    const folder = dirname((await this.artifacts(runId)).localPath() ?? '');
    return basename(folder) === runId && folder.startsWith(dirname(this.path) + sep) ? folder : undefined;
  }

  #artifactFolder(experimentId: string, runId: string): string {
    return join(this.#root, experimentId, runId, 'artifacts');
  }

  #page(
    from: string,
    conditions: readonly Sql[],
    order: Sql,
    options: SearchOptions,
  ): Page<readonly unknown[]> {
    const { maxResults = 1000, pageToken } = options;
    checkMaxResults(maxResults);
    const offset = offsetOf(pageToken);
    const where = joined(conditions);
    const rows = this.#database.all<unknown[]>(
      `${from} WHERE ${where.text} ORDER BY ${order.text} LIMIT ${maxResults + 1} OFFSET ${offset}`,
      ...where.values,
      ...order.values,
    );
    const nextPageToken = rows.length > maxResults ? tokenOf(offset + maxResults) : null;
    return { items: rows.slice(0, maxResults), nextPageToken };
  }

  #experiment(id: string): ExperimentInfo {
    const found =
      isExperimentId(id) && isNumber(id) ? this.#experimentWhere('e.experiment_id = ?', id) : undefined;
    if (!found) throw notFound(`no experiment with id ${JSON.stringify(id.slice(0, 100))} in ${this.uri}`);
    return found;
  }

  #experimentWhere(condition: string, value: Value): ExperimentInfo | undefined {
    const row = this.#database.first<unknown[]>(
      `SELECT ${experimentColumns} FROM experiments e WHERE ${condition}`,
      value,
    );
    return (
      row && experimentInfoOf(row, this.#experimentTags(String(row[0])).get(String(row[0])) ?? new Map())
    );
  }

  #experimentTags(id?: string): Map<string, Map<string, string>> {
    const rows = this.#database.all<[string, string, string | null]>(
      `SELECT CAST(experiment_id AS TEXT), key, value FROM experiment_tags${id === undefined ? '' : ' WHERE experiment_id = ?'}`,
      ...(id === undefined ? [] : [id]),
    );
    const tags = new Map<string, Map<string, string>>();
    for (const [experiment, key, value] of rows) {
      const own = tags.get(experiment) ?? new Map<string, string>();
      tags.set(experiment, own.set(key, value ?? ''));
    }
    return tags;
  }

  #tagExperiment(id: string, key: string, value: string): void {
    this.#database.run(
      'INSERT OR REPLACE INTO experiment_tags (key, value, experiment_id) VALUES (?, ?, ?)',
      key,
      value,
      id,
    );
  }

  #updateExperiment(id: string, change: string, value: Value): void {
    this.#database.run(
      `UPDATE experiments SET ${change}, last_update_time = ? WHERE experiment_id = ?`,
      value,
      this.now(),
      id,
    );
  }

  /** Runs go the way of their experiment, as in MLflow. */
  #setStage(experimentId: string, stage: LifecycleStage): void {
    this.#updateExperiment(experimentId, 'lifecycle_stage = ?', stage);
    const deletedTime = stage === 'deleted' ? this.now() : null;
    this.#database.run(
      'UPDATE runs SET lifecycle_stage = ?, deleted_time = ? WHERE experiment_id = ? AND lifecycle_stage <> ?',
      stage,
      deletedTime,
      experimentId,
      stage,
    );
    this.#active.clear();
  }

  #info(runId: string): RunInfo {
    const row = this.#database.first<unknown[]>(
      `SELECT ${runColumns} FROM runs r WHERE r.run_uuid = ?`,
      runId,
    );
    if (!row) throw notFound(`no run with id ${JSON.stringify(runId.slice(0, 100))} in ${this.uri}`);
    return runInfoOf(row);
  }

  /** Looked at again once a second, for another process may delete the run. */
  #checkActive(runId: string): void {
    const now = this.now();
    const checked = this.#active.get(runId);
    if (checked !== undefined && now - checked < activeTrust) return;
    if (this.#info(runId).lifecycleStage === 'deleted') throw deletedRun(runId);
    this.#active.set(runId, now);
  }
}

function alreadyThere({ name, lifecycleStage, experimentId }: ExperimentInfo): TrackingError {
  const hint =
    lifecycleStage === 'deleted'
      ? 'it is deleted: restore it, remove it for good, or take another name'
      : 'take another name, or use that one';
  return new TrackingError('RESOURCE_ALREADY_EXISTS', `experiment "${name}" exists (id ${experimentId})`, {
    hint,
  });
}

function deletedExperiment({ name }: ExperimentInfo): Error {
  return invalid(`experiment "${name}" is deleted`, 'restore it first');
}

function notDeleted(what: string): Error {
  return invalid(`${what} is not deleted`, 'only what is in the trash can be deleted for good');
}

function deletedRun(runId: string): Error {
  return invalid(`run ${runId} is deleted`, 'restore it before it is changed');
}
