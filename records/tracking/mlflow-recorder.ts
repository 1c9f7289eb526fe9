import { resolve } from 'node:path';
import { UserError } from '../../components/core/errors.ts';
import { PyFloat } from '../../components/core/python.ts';
import { decodeObject, encodeObject } from '../codec/codec.ts';
import { type LoadOptions, loadedAs } from '../codec/load-as.ts';
import { invalid } from './errors.ts';
import { Heartbeat, heartbeatTag, signText } from './heartbeat.ts';
import { localTime } from './local-time.ts';
import { pythonStr } from './python-str.ts';
import type { MetricValue, Recorder, RecorderInfo } from './recorder.ts';
import type { RunKeeper, Services } from './services.ts';
import type { TrackingStore } from './store.ts';
import type { MetricEntry, RunInfo, RunStatus } from './types.ts';

/** qlib's MLflowRecorder: the writer of one run of a store. */
export class MLflowRecorder implements Recorder {
  readonly #store: TrackingStore;
  readonly #services: Services;
  readonly #name: string;
  #run: RunInfo | undefined;
  #code: Promise<void> | undefined;
  #heartbeat: Heartbeat | undefined;
  #keeper: RunKeeper | undefined;

  /** `run`: the run to read or resume; without one, `start` makes a run. */
  constructor(
    store: TrackingStore,
    services: Services,
    readonly experimentId: string,
    name: string,
    run?: RunInfo,
  ) {
    this.#store = store;
    this.#services = services;
    this.#name = name;
    this.#run = run;
  }

  get id(): string {
    return this.#run?.runId ?? '';
  }

  get name(): string {
    return this.#name;
  }

  get status(): RunStatus {
    return this.#run?.status ?? 'SCHEDULED';
  }

  get uri(): string {
    return this.#store.uri;
  }

  get artifactUri(): string {
    return this.#started().artifactUri;
  }

  get info(): RecorderInfo {
    return {
      class: 'Recorder',
      id: this.#run?.runId ?? null,
      name: this.#name,
      experiment_id: this.experimentId,
      start_time: localTime(this.#run?.startTime ?? null),
      end_time: localTime(this.#run?.endTime ?? null),
      status: this.status,
    };
  }

  /** Makes the run, or takes up the one that it stands for. A run within another names it, as MLflow's nested runs do. */
  async start(parentRunId?: string, tags: Readonly<Record<string, string>> = {}): Promise<void> {
    const { environment, now } = this.#services;
    if (this.#run)
      this.#run = await this.#store.updateRun(this.#run.runId, { status: 'RUNNING', endTime: null });
    else
      this.#run = await this.#store.createRun({
        experimentId: this.experimentId,
        runName: this.#name,
        userId: environment.user,
        startTime: now(),
        tags: {
          ...tags,
          'mlflow.user': environment.user,
          'mlflow.source.name': environment.source,
          'mlflow.source.type': 'LOCAL',
          ...(parentRunId === undefined ? {} : { 'mlflow.parentRunId': parentRunId }),
          ...(environment.identity ? { [heartbeatTag]: signText(environment.identity, now()) } : {}),
        },
      });
    await this.#startHeartbeat();
    await this.#logEnvironment();
    this.#code = this.#logCode();
    this.#code.catch(() => undefined);
    this.#keeper = this.#services.keep?.(this);
  }

  /** Nothing where the run has ended: a run that a signal ended stays KILLED. */
  async end(status: RunStatus): Promise<void> {
    const { runId } = this.#started();
    if (this.status !== 'RUNNING') return;
    try {
      await this.#keeper?.end();
      await this.#code;
    } finally {
      this.#code = undefined;
      this.#keeper = undefined;
      await this.#store.flush(runId);
      // the clock may have been set back meanwhile
      const endTime = Math.max(this.#services.now(), this.#run?.startTime ?? 0);
      this.#run = await this.#store.updateRun(runId, { status, endTime });
      // not before: a process that is killed in between must be seen as dead
      await this.#heartbeat?.stop();
      this.#heartbeat = undefined;
    }
  }

  async logParams(params: Readonly<Record<string, unknown>>): Promise<void> {
    const entries = Object.entries(params).map(([key, value]) => [key, pythonStr(value)] as const);
    await this.#store.logBatch(this.#started().runId, { params: entries });
  }

  async logMetrics(metrics: Readonly<Record<string, MetricValue>>, step = 0): Promise<void> {
    const timestamp = this.#services.now();
    this.#services.onMetrics?.(metrics);
    const points: MetricEntry[] = [];
    for (const [key, value] of Object.entries(metrics)) {
      if (Array.isArray(value))
        for (const [at, v] of value as readonly (readonly [number, number])[])
          points.push({ key, value: metricNumber(key, v), timestamp, step: at });
      else points.push({ key, value: metricNumber(key, value), timestamp, step });
    }
    await this.#store.logBatch(this.#started().runId, { metrics: points });
  }

  async setTags(tags: Readonly<Record<string, unknown>>): Promise<void> {
    const entries = Object.entries(tags).map(([key, value]) => [key, pythonStr(value)] as const);
    await this.#store.logBatch(this.#started().runId, { tags: entries });
  }

  async deleteTags(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#store.deleteTag(this.#started().runId, key);
  }

  async saveObjects(objects: Readonly<Record<string, unknown>> | string, artifactPath = ''): Promise<void> {
    const artifacts = await this.#artifacts();
    if (typeof objects === 'string') return artifacts.upload(objects, artifactPath);
    for (const [name, value] of Object.entries(objects))
      await artifacts.write(artifactPath ? `${artifactPath}/${name}` : name, await encodeObject(name, value));
  }

  async loadObject(name: string, options: LoadOptions = {}): Promise<unknown> {
    const artifacts = await this.#artifacts();
    const data = await artifacts.read(name);
    try {
      return await loadedAs(await decodeObject(name, data), options);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(`artifact "${name}": ${error.problem}`, { hint: error.hint, cause: error });
    }
  }

  async writeArtifact(path: string, content: string | Uint8Array): Promise<void> {
    await (await this.#artifacts()).write(path, content);
  }

  async logArtifact(localPath: string, artifactPath = ''): Promise<void> {
    await (await this.#artifacts()).upload(localPath, artifactPath);
  }

  async logArtifacts(localFolder: string, artifactPath = ''): Promise<void> {
    await (await this.#artifacts()).upload(localFolder, artifactPath);
  }

  async listArtifacts(artifactPath = ''): Promise<string[]> {
    return (await (await this.#artifacts()).list(artifactPath)).map((file) => file.path);
  }

  async downloadArtifact(path: string, target?: string): Promise<string> {
    const artifacts = await this.#artifacts();
    if (target !== undefined) return artifacts.download(path, resolve(target));
    const local = artifacts.localPath(path);
    if (local === null)
      throw invalid('the artifacts are not on this machine', 'give a folder to download them into');
    return local;
  }

  async listParams(): Promise<Record<string, string>> {
    return Object.fromEntries((await this.#read()).data.params);
  }

  async listMetrics(): Promise<Record<string, number>> {
    const { metrics } = (await this.#read()).data;
    return Object.fromEntries([...metrics].map(([key, point]) => [key, point.value]));
  }

  async listTags(): Promise<Record<string, string>> {
    return Object.fromEntries((await this.#read()).data.tags);
  }

  toString(): string {
    return JSON.stringify(this.info);
  }

  #started(): RunInfo {
    if (this.#run) return this.#run;
    throw new UserError(`the recorder "${this.#name}" has not been started`, {
      hint: 'start it through R.start, R.startExp or experiment.start',
    });
  }

  #read() {
    return this.#store.getRun(this.#started().runId);
  }

  #artifacts() {
    return this.#store.artifacts(this.#started().runId);
  }

  /** What qlib logs by itself. A resumed run keeps the command that made it. */
  async #logEnvironment(): Promise<void> {
    const { command, variables } = this.#services.environment;
    const { params } = (await this.#read()).data;
    const entries = Object.entries({ 'cmd-sys.argv': command, ...variables });
    const fresh = entries.filter(([key]) => !params.has(key));
    await this.#store.logBatch(this.id, { params: fresh });
  }

  async #startHeartbeat(): Promise<void> {
    const { environment, now } = this.#services;
    if (!environment.identity) return;
    this.#heartbeat = new Heartbeat(this.#store, this.id, environment.identity, now);
    await this.#heartbeat.start();
  }

  async #logCode(): Promise<void> {
    const files = Object.entries(await this.#services.environment.code());
    if (files.length === 0) return;
    const artifacts = await this.#artifacts();
    for (const [name, text] of files) await artifacts.write(name, text);
  }
}

function metricNumber(key: string, value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return Number(value);
  if (value instanceof PyFloat) return value.value;
  throw invalid(
    `metric "${key}" is ${pythonStr(value).slice(0, 100)}`,
    'a metric is a number, or pairs of step and number',
  );
}
