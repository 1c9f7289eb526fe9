import { AsyncLocalStorage } from 'node:async_hooks';
import { UserError } from '../../components/core/errors.ts';
import { isNotFound, notFound, TrackingError } from './errors.ts';
import { MLflowExperiment, type StartRecorderOptions } from './experiment.ts';
import { openStore } from './open-store.ts';
import { Scopes } from './scopes.ts';
import type { Services } from './services.ts';
import { checkStatus } from './status.ts';
import type { SearchOptions, TrackingStore } from './store.ts';
import type { ExperimentInfo, Page, Run, RunStatus } from './types.ts';

/** MLflow lists no more at once; qlib asks for more by default, which MLflow refuses. */
const unlimited = 50_000;

export interface ExperimentChoice {
  readonly experimentId?: string | undefined;
  readonly experimentName?: string | undefined;
}

export interface StartExpOptions extends ExperimentChoice, StartRecorderOptions {
  /** The store for this experiment, instead of the default one. */
  readonly uri?: string | undefined;
}

export interface GetExpOptions extends ExperimentChoice {
  /** Make the experiment where none is found. Default true. */
  readonly create?: boolean | undefined;
  /** Start it where none is active. */
  readonly start?: boolean | undefined;
}

interface Active {
  readonly experiment: MLflowExperiment;
  readonly uri: string | undefined;
}

/** qlib's MLflowExpManager: the experiments of a store, and which one is active. */
export class MLflowExpManager {
  readonly #services: Services;
  readonly #stores = new Map<string, Promise<TrackingStore>>();
  readonly #scopes = new Scopes<Active>();
  /** The default store while a callback of `withUri` runs, for that callback alone. */
  readonly #uris = new AsyncLocalStorage<{ uri: string }>();
  #defaultUri: string;
  readonly #defaultExpName: string;

  constructor(options: { uri: string; defaultExpName: string }, services: Services) {
    this.#defaultUri = options.uri;
    this.#defaultExpName = options.defaultExpName;
    this.#services = services;
  }

  /** The store in use: that of the active experiment, else the default one. */
  get uri(): string {
    return this.#scopes.active?.uri ?? this.defaultUri;
  }

  get defaultUri(): string {
    return this.#uris.getStore()?.uri ?? this.#defaultUri;
  }

  set defaultUri(uri: string) {
    const own = this.#uris.getStore();
    if (own) own.uri = uri;
    else this.#defaultUri = uri;
  }

  /** Another default store for what the callback does; callbacks at the same time do not see each other's. */
  withUri<R>(uri: string, callback: () => Promise<R>): Promise<R> {
    return this.#uris.run({ uri }, callback);
  }

  get activeExperiment(): MLflowExperiment | undefined {
    return this.#scopes.active?.experiment;
  }

  /** The store of the uri in use; opened once. */
  store(uri: string = this.uri): Promise<TrackingStore> {
    let store = this.#stores.get(uri);
    if (!store) {
      store = openStore(uri, () => this.#services.now());
      store.catch(() => this.#stores.delete(uri));
      this.#stores.set(uri, store);
    }
    return store;
  }

  /** Gets or makes the experiment, starts a recorder in it and makes it the active one. One within another is nested: its run names the outer run. */
  async startExp({
    experimentId,
    experimentName,
    recorderId,
    recorderName,
    resume,
    tags,
    uri,
  }: StartExpOptions = {}): Promise<MLflowExperiment> {
    const parent = this.activeExperiment?.activeRecorder?.id;
    const store = await this.store(uri);
    const experiment = await this.#getOrCreate({ experimentId, experimentName }, store);
    await experiment.start({ recorderId, recorderName, resume, tags }, parent);
    this.#scopes.push({ experiment, uri });
    return experiment;
  }

  /** Ends the active experiment with its recorder; nothing where none is active. qlib's own default is SCHEDULED. */
  async endExp(status: RunStatus = 'SCHEDULED'): Promise<void> {
    checkStatus(status);
    const active = this.#scopes.active;
    if (!active) return;
    this.#scopes.remove(active);
    await active.experiment.end(status);
  }

  /** Runs a callback with experiments of its own: what it starts is not seen outside. */
  scoped<R>(callback: () => Promise<R>): Promise<R> {
    return this.#scopes.run(callback);
  }

  /** What was started in this scope and not ended, the innermost first. */
  get ownExperiments(): MLflowExperiment[] {
    return this.#scopes.own.map((active) => active.experiment);
  }

  /** Ends what was started in this scope and not ended, the innermost first. All are ended, even if one cannot be. */
  async endScope(status: RunStatus): Promise<void> {
    const ends: Promise<void>[] = [];
    for (const active of this.#scopes.own) {
      this.#scopes.remove(active);
      ends.push(active.experiment.end(status));
    }
    const failed = (await Promise.allSettled(ends)).find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** The experiment of that id or name; without both the active one, else the default one. */
  async getExp({
    experimentId,
    experimentName,
    create = true,
    start = false,
  }: GetExpOptions = {}): Promise<MLflowExperiment> {
    const active = this.activeExperiment;
    if (experimentId === undefined && experimentName === undefined && active) return active;
    const store = await this.store();
    const choice = {
      experimentId,
      experimentName: experimentName ?? (experimentId === undefined ? this.#defaultExpName : undefined),
    };
    const experiment = create ? await this.#getOrCreate(choice, store) : await this.#get(choice, store);
    if (!experiment) throw noExperiment(choice, store);
    if (start && !active) {
      await experiment.start();
      this.#scopes.push({ experiment, uri: undefined });
    }
    return experiment;
  }

  async createExp(name: string): Promise<MLflowExperiment> {
    const store = await this.store();
    return this.#experimentOf(await store.createExperiment(name), name, store);
  }

  async deleteExp({ experimentId, experimentName }: ExperimentChoice): Promise<void> {
    const store = await this.store();
    if (experimentId !== undefined) return store.deleteExperiment(experimentId);
    if (experimentName === undefined)
      throw new UserError('no experiment is named to be deleted', {
        hint: 'give experimentId or experimentName',
      });
    const found = await store.getExperimentByName(experimentName);
    if (!found) throw noExperiment({ experimentId, experimentName }, store);
    return store.deleteExperiment(found.experimentId);
  }

  async searchRecords(experimentIds: readonly string[], options: SearchOptions = {}): Promise<Page<Run>> {
    return (await this.store()).searchRuns(experimentIds, { maxResults: unlimited, ...options });
  }

  /** By name, the newest first; deleted ones are left out. */
  async listExperiments(): Promise<Map<string, MLflowExperiment>> {
    const store = await this.store();
    const { items } = await store.searchExperiments({ maxResults: unlimited });
    return new Map(
      items.map(({ experimentId, name }) => [name, this.#experimentOf(experimentId, name, store)]),
    );
  }

  /** Releases files and connections. */
  async close(): Promise<void> {
    for (const store of this.#stores.values()) await (await store).close();
    this.#stores.clear();
  }

  async #get(
    { experimentId, experimentName }: ExperimentChoice,
    store: TrackingStore,
  ): Promise<MLflowExperiment | undefined> {
    let found: ExperimentInfo | undefined;
    if (experimentId === undefined)
      found = await store.getExperimentByName(experimentName ?? this.#defaultExpName);
    else
      try {
        found = await store.getExperiment(experimentId);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    if (!found || found.lifecycleStage === 'deleted') return undefined;
    return this.#experimentOf(found.experimentId, found.name, store);
  }

  /** An id is never made: the store gives it. Of two processes that make the same name at once one finds the other's. */
  async #getOrCreate(choice: ExperimentChoice, store: TrackingStore): Promise<MLflowExperiment> {
    const found = await this.#get(choice, store);
    if (found) return found;
    if (choice.experimentId !== undefined) throw noExperiment(choice, store);
    const name = choice.experimentName ?? this.#defaultExpName;
    try {
      return this.#experimentOf(await store.createExperiment(name), name, store);
    } catch (error) {
      const taken = error instanceof TrackingError && error.code === 'RESOURCE_ALREADY_EXISTS';
      const other = taken ? await this.#get(choice, store) : undefined;
      if (other) return other;
      throw error;
    }
  }

  #experimentOf(id: string, name: string, store: TrackingStore): MLflowExperiment {
    return new MLflowExperiment(id, name, store, this.#services);
  }
}

function noExperiment({ experimentId, experimentName }: ExperimentChoice, { uri }: TrackingStore): Error {
  const what =
    experimentId === undefined
      ? `named ${JSON.stringify(experimentName)}`
      : `with id ${JSON.stringify(experimentId)}`;
  return notFound(`no experiment ${what} in ${uri}`, 'R.listExperiments() gives those that are there');
}
