import type { ArtifactFolder } from '../artifact-folder.ts';
import { localArtifacts } from '../artifact-uri.ts';
import { checkBatch } from '../check-batch.ts';
import { invalid, isNotFound } from '../errors.ts';
import { LocalArtifacts } from '../file/local-artifacts.ts';
import { checkEntry, checkExperimentName, checkKey, checkRunName } from '../names.ts';
import { experimentGrammar, runGrammar } from '../search/grammar.ts';
import { checkMaxResults } from '../search/page.ts';
import { parseFilter } from '../search/parse-filter.ts';
import { parseOrder } from '../search/parse-order.ts';
import type { CreateRunOptions, LogBatch, RunUpdate, SearchOptions, TrackingStore } from '../store.ts';
import type { DatasetInput, ExperimentInfo, MetricPoint, Page, Run, RunInfo } from '../types.ts';
import { batchesOf } from './batches.ts';
import { HttpArtifacts } from './http-artifacts.ts';
import { cutLongValues, type LongValue } from './long-values.ts';
import type { RestClient } from './rest-client.ts';
import {
  datasetInput,
  experimentOf,
  experimentsOf,
  nextPage,
  pointsOf,
  runInfoOf,
  runOf,
  runsOf,
} from './wire.ts';

/** MLflow's client asks for so many points at once. */
const pointsAtOnce = 25_000;

const pairs = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([key, value]) => ({ key, value }));

/** A store behind MLflow's REST API, ours or theirs. What is wrong with names and searches is told before the server is asked. */
export class HttpStore implements TrackingStore {
  constructor(
    readonly uri: string,
    private readonly client: RestClient,
    private readonly warn: (message: string) => void = (message) => process.emitWarning(message),
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
    const { experiment_id } = await this.client.post('experiments/create', {
      name,
      ...(artifactLocation === undefined ? {} : { artifact_location: artifactLocation }),
      tags: pairs(tags),
    });
    return String(experiment_id);
  }

  async getExperiment(experimentId: string): Promise<ExperimentInfo> {
    return experimentOf(
      (await this.client.get('experiments/get', { experiment_id: experimentId }))['experiment'],
    );
  }

  async getExperimentByName(name: string): Promise<ExperimentInfo | undefined> {
    try {
      return experimentOf(
        (await this.client.get('experiments/get-by-name', { experiment_name: name }))['experiment'],
      );
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async searchExperiments(options: SearchOptions = {}): Promise<Page<ExperimentInfo>> {
    const { filter = '', orderBy = [] } = options;
    parseFilter(filter, experimentGrammar);
    for (const text of orderBy) parseOrder(text, experimentGrammar);
    const found = await this.client.post('experiments/search', {
      ...searchBody(options),
      view_type: options.view ?? 'ACTIVE_ONLY',
    });
    return { items: experimentsOf(found), nextPageToken: nextPage(found) };
  }

  async renameExperiment(experimentId: string, name: string): Promise<void> {
    checkExperimentName(name);
    await this.client.post('experiments/update', { experiment_id: experimentId, new_name: name });
  }

  async setExperimentTag(experimentId: string, key: string, value: string): Promise<void> {
    checkEntry('tag', key, value);
    await this.client.post('experiments/set-experiment-tag', { experiment_id: experimentId, key, value });
  }

  async deleteExperimentTag(experimentId: string, key: string): Promise<void> {
    checkKey('tag', key);
    await this.client.post('experiments/delete-experiment-tag', { experiment_id: experimentId, key });
  }

  async deleteExperiment(experimentId: string): Promise<void> {
    await this.client.post('experiments/delete', { experiment_id: experimentId });
  }

  async restoreExperiment(experimentId: string): Promise<void> {
    await this.client.post('experiments/restore', { experiment_id: experimentId });
  }

  async createRun({
    experimentId,
    runName,
    userId,
    startTime,
    tags = {},
  }: CreateRunOptions): Promise<RunInfo> {
    checkRunName(runName);
    for (const [key, value] of Object.entries(tags)) checkEntry('tag', key, value);
    const { run } = await this.client.post('runs/create', {
      experiment_id: experimentId,
      user_id: userId,
      run_name: runName,
      start_time: startTime,
      tags: pairs({ ...tags, 'mlflow.runName': runName }),
    });
    return runOf(run).info;
  }

  async getRun(runId: string): Promise<Run> {
    return runOf((await this.client.get('runs/get', { run_id: runId }))['run']);
  }

  async updateRun(runId: string, { status, endTime, runName }: RunUpdate): Promise<RunInfo> {
    if (runName !== undefined) checkRunName(runName);
    const { run_info } = await this.client.post('runs/update', {
      run_id: runId,
      ...(status === undefined ? {} : { status }),
      ...(endTime === undefined || endTime === null ? {} : { end_time: endTime }),
      ...(runName === undefined ? {} : { run_name: runName }),
    });
    return runInfoOf(run_info);
  }

  async deleteRun(runId: string): Promise<void> {
    await this.client.post('runs/delete', { run_id: runId });
  }

  async restoreRun(runId: string): Promise<void> {
    await this.client.post('runs/restore', { run_id: runId });
  }

  async searchRuns(experimentIds: readonly string[], options: SearchOptions = {}): Promise<Page<Run>> {
    const { filter = '', orderBy = [] } = options;
    parseFilter(filter, runGrammar);
    for (const text of orderBy) parseOrder(text, runGrammar);
    const ids = [...new Set(experimentIds)];
    if (ids.length === 0) return { items: [], nextPageToken: null };
    const found = await this.client.post('runs/search', {
      ...searchBody(options),
      experiment_ids: ids,
      run_view_type: options.view ?? 'ACTIVE_ONLY',
    });
    return { items: runsOf(found), nextPageToken: nextPage(found) };
  }

  async logBatch(runId: string, batch: LogBatch): Promise<void> {
    checkBatch(batch);
    const { batch: cut, long } = cutLongValues(batch);
    // the whole values first: none is lost where this is interrupted
    if (long.length > 0) await this.#keepWhole(runId, long);
    for (const part of batchesOf(cut)) await this.client.post('runs/log-batch', { run_id: runId, ...part });
  }

  async #keepWhole(runId: string, long: readonly LongValue[]): Promise<void> {
    for (const { kind, key, value, kept, artifact } of long) {
      let where = `the whole value is the artifact "${artifact}"`;
      try {
        await (await this.artifacts(runId)).write(artifact, value);
      } catch (error) {
        where = `the rest is lost, for it can't be kept as an artifact: ${error instanceof Error ? error.message : error}`;
      }
      this.warn(`${kind} "${key}" of run ${runId} is cut: a server keeps ${kept} characters of it; ${where}`);
    }
  }

  async deleteTag(runId: string, key: string): Promise<void> {
    checkKey('tag', key);
    await this.client.post('runs/delete-tag', { run_id: runId, key });
  }

  async logInputs(runId: string, datasets: readonly DatasetInput[]): Promise<void> {
    for (const { name, digest } of datasets)
      if (name === '' || digest === '') throw invalid('a data set has no name or no digest', 'give both');
    await this.client.post('runs/log-inputs', { run_id: runId, datasets: datasets.map(datasetInput) });
  }

  async getMetricHistory(runId: string, key: string): Promise<readonly MetricPoint[]> {
    checkKey('metric', key);
    const points: MetricPoint[] = [];
    let pageToken: string | undefined;
    do {
      const query = { run_id: runId, metric_key: key, max_results: pointsAtOnce, page_token: pageToken };
      const page = await this.client.get('metrics/get-history', query);
      points.push(...pointsOf(page['metrics']));
      pageToken = nextPage(page) ?? undefined;
    } while (pageToken !== undefined);
    return points;
  }

  /** Through the server where it hands artifacts through; else read where they lie, if that is a folder of this machine. */
  async artifacts(runId: string): Promise<ArtifactFolder> {
    const { artifactUri } = (await this.getRun(runId)).info;
    if (artifactUri.startsWith('mlflow-artifacts:'))
      return new HttpArtifacts(this.client, runId, artifactUri);
    const local = localArtifacts(artifactUri);
    if (local !== null) return new LocalArtifacts(local, null);
    throw invalid(
      `the artifacts of run ${runId} are at ${artifactUri.slice(0, 200)}`,
      'they are handed through by a server that was started with --serve-artifacts',
    );
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {}
}

function searchBody({ filter = '', orderBy = [], maxResults = 1000, pageToken }: SearchOptions) {
  checkMaxResults(maxResults);
  return {
    filter,
    order_by: orderBy,
    max_results: maxResults,
    ...(pageToken ? { page_token: pageToken } : {}),
  };
}
