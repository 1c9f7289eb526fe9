import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LoadOptions } from '../codec/load-as.ts';
import { processEnvironment, type RunEnvironment } from './environment.ts';
import type { MLflowExperiment } from './experiment.ts';
import {
  type ExperimentChoice,
  type GetExpOptions,
  MLflowExpManager,
  type StartExpOptions,
} from './manager.ts';
import type { MLflowRecorder } from './mlflow-recorder.ts';
import type { MetricValue } from './recorder.ts';
import type { Services } from './services.ts';
import { onSignal, type SignalSource } from './signals.ts';
import type { SearchOptions } from './store.ts';
import type { Page, Run, RunStatus } from './types.ts';

export interface CreateROptions {
  /** Tracking uri; default the folder `mlruns` below the working folder. */
  readonly uri?: string;
  readonly defaultExpName?: string;
  readonly now?: () => number;
  readonly environment?: RunEnvironment;
  /** Null: signals are the caller's. */
  readonly signals?: SignalSource | null;
  /** Hears of metrics before they are written. */
  readonly onMetrics?: Services['onMetrics'];
  /** Keeps more of each run that is started. */
  readonly keep?: Services['keep'];
}

/** The recorder of that id or name, in the experiment of that id or name. */
export interface RecorderChoice extends ExperimentChoice {
  readonly recorderId?: string | undefined;
  readonly recorderName?: string | undefined;
}

/** qlib's `R` as a value: one place to start experiments and to log to the active one. */
export class QlibRecorder {
  readonly #signals: SignalSource | null;
  readonly #open = new Set<MLflowExperiment>();
  #stopWatch: (() => void) | undefined;

  constructor(
    readonly expManager: MLflowExpManager,
    signals: SignalSource | null,
  ) {
    this.#signals = signals;
  }

  /**
   * Runs a callback in a started experiment. A normal end makes the run FINISHED, an exception FAILED, SIGINT, SIGTERM and SIGHUP KILLED.
   * One within another is nested; several at the same time do not see each other.
   */
  start<T>(options: StartExpOptions, callback: (experiment: MLflowExperiment) => T | Promise<T>): Promise<T> {
    return this.expManager.scoped(async () => {
      const experiment = await this.startExp(options);
      let result: T;
      try {
        result = await callback(experiment);
      } catch (error) {
        // what went wrong first is what counts
        await this.#endScope('FAILED').catch(() => undefined);
        throw error;
      }
      await this.#endScope('FINISHED');
      return result;
    });
  }

  /** Starts an experiment that `endExp` ends. */
  async startExp(options: StartExpOptions = {}): Promise<MLflowExperiment> {
    const experiment = await this.expManager.startExp(options);
    this.#watch(experiment);
    return experiment;
  }

  /** Ends the active experiment with its recorder; nothing where none is active. */
  async endExp(status: RunStatus = 'FINISHED'): Promise<void> {
    const experiment = this.expManager.activeExperiment;
    await this.expManager.endExp(status);
    if (experiment) this.#unwatch(experiment);
  }

  getExp(options: GetExpOptions = {}): Promise<MLflowExperiment> {
    return this.expManager.getExp(options);
  }

  deleteExp(choice: ExperimentChoice): Promise<void> {
    return this.expManager.deleteExp(choice);
  }

  listExperiments(): Promise<Map<string, MLflowExperiment>> {
    return this.expManager.listExperiments();
  }

  async listRecorders(choice: ExperimentChoice = {}): Promise<Map<string, MLflowRecorder>> {
    return (await this.getExp(choice)).listRecorders();
  }

  searchRecords(experimentIds: readonly string[], options: SearchOptions = {}): Promise<Page<Run>> {
    return this.expManager.searchRecords(experimentIds, options);
  }

  /** Nothing is made. @throws UserError where there is none. */
  async getRecorder({ recorderId, recorderName, ...choice }: RecorderChoice = {}): Promise<MLflowRecorder> {
    const experiment = await this.getExp({ ...choice, create: false });
    return experiment.getRecorder({ recorderId, recorderName, create: false });
  }

  /** In the active experiment, else the default one. */
  async deleteRecorder(choice: { recorderId?: string; recorderName?: string }): Promise<void> {
    await (await this.getExp()).deleteRecorder(choice);
  }

  getUri(): string {
    return this.expManager.uri;
  }

  setUri(uri: string): void {
    this.expManager.defaultUri = uri;
  }

  /** Uses another default store for what the callback does. */
  uriContext<T>(uri: string, callback: () => T | Promise<T>): Promise<T> {
    return this.expManager.withUri(uri, async () => callback());
  }

  async logParams(params: Readonly<Record<string, unknown>>): Promise<void> {
    await (await this.#active()).logParams(params);
  }

  async logMetrics(metrics: Readonly<Record<string, MetricValue>>, step?: number): Promise<void> {
    await (await this.#active()).logMetrics(metrics, step);
  }

  async setTags(tags: Readonly<Record<string, unknown>>): Promise<void> {
    await (await this.#active()).setTags(tags);
  }

  async saveObjects(
    objects: Readonly<Record<string, unknown>> | string,
    artifactPath?: string,
  ): Promise<void> {
    await (await this.#active()).saveObjects(objects, artifactPath);
  }

  /** `{ as: 'danfo' }` gives a danfojs DataFrame, `{ as: 'panel' }` columns over (datetime, instrument). */
  async loadObject(name: string, options: LoadOptions = {}): Promise<unknown> {
    return (await this.#active()).loadObject(name, options);
  }

  async logArtifact(localPath: string, artifactPath?: string): Promise<void> {
    await (await this.#active()).logArtifact(localPath, artifactPath);
  }

  async logArtifacts(localFolder: string, artifactPath?: string): Promise<void> {
    await (await this.#active()).logArtifacts(localFolder, artifactPath);
  }

  async listArtifacts(artifactPath?: string): Promise<string[]> {
    return (await this.#active()).listArtifacts(artifactPath);
  }

  async downloadArtifact(path: string, target?: string): Promise<string> {
    return (await this.#active()).downloadArtifact(path, target);
  }

  /** The active recorder; where none is active, the default experiment is started with one. */
  async #active(): Promise<MLflowRecorder> {
    const experiment = await this.expManager.getExp({ start: true });
    return experiment.getRecorder({ start: true });
  }

  async #endScope(status: RunStatus): Promise<void> {
    const ended = this.expManager.ownExperiments;
    try {
      await this.expManager.endScope(status);
    } finally {
      for (const experiment of ended) this.#unwatch(experiment);
    }
  }

  /** While experiments are open, signals end them. */
  #watch(experiment: MLflowExperiment): void {
    this.#open.add(experiment);
    if (this.#signals) this.#stopWatch ??= onSignal(this.#signals, () => this.#kill());
  }

  #unwatch(experiment: MLflowExperiment): void {
    this.#open.delete(experiment);
    if (this.#open.size > 0) return;
    this.#stopWatch?.();
    this.#stopWatch = undefined;
  }

  async #kill(): Promise<void> {
    this.#stopWatch = undefined;
    await Promise.allSettled([...this.#open].map((experiment) => experiment.end('KILLED')));
  }
}

/** Makes an `R` with a store and an environment of its own. */
export function createR({
  uri = pathToFileURL(resolve('mlruns')).href,
  defaultExpName = 'Experiment',
  now = Date.now,
  environment = processEnvironment(),
  signals = process,
  onMetrics,
  keep,
}: CreateROptions = {}): QlibRecorder {
  return new QlibRecorder(
    new MLflowExpManager({ uri, defaultExpName }, { now, environment, onMetrics, keep }),
    signals,
  );
}
