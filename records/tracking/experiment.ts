import { UserError } from '../../components/core/errors.ts';
import { isNotFound, notFound } from './errors.ts';
import { MLflowRecorder } from './mlflow-recorder.ts';
import type { Services } from './services.ts';
import { checkStatus } from './status.ts';
import type { SearchOptions, TrackingStore } from './store.ts';
import type { Page, Run, RunStatus } from './types.ts';

const defaultRecorderName = 'mlflow_recorder';
/** MLflow lists no more at once. */
const unlimited = 50_000;

export interface StartRecorderOptions {
  readonly recorderId?: string | undefined;
  readonly recorderName?: string | undefined;
  /** Take up the run of that id, or the newest of that name; a run of that name is made where there is none. */
  readonly resume?: boolean | undefined;
  /** Tags that a new run has from its first moment. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

export interface GetRecorderOptions {
  readonly recorderId?: string | undefined;
  readonly recorderName?: string | undefined;
  /** Make a recorder where none is found. Default true. */
  readonly create?: boolean | undefined;
  /** Start a recorder that was made. */
  readonly start?: boolean | undefined;
}

export interface ListRecordersOptions {
  readonly maxResults?: number | undefined;
  /** Looked at after `maxResults`, as qlib does. */
  readonly status?: string | undefined;
  readonly filterString?: string | undefined;
}

/** qlib's MLflowExperiment: the recorders of one experiment. */
export class MLflowExperiment {
  /** The recorder that logs now; one at a time. */
  activeRecorder: MLflowRecorder | undefined;

  constructor(
    readonly id: string,
    readonly name: string,
    private readonly store: TrackingStore,
    private readonly services: Services,
  ) {}

  async info(): Promise<{
    class: string;
    id: string;
    name: string;
    active_recorder: string | null;
    recorders: string[];
  }> {
    return {
      class: 'Experiment',
      id: this.id,
      name: this.name,
      active_recorder: this.activeRecorder?.id ?? null,
      recorders: [...(await this.listRecorders()).keys()],
    };
  }

  /** Starts a recorder, which becomes the active one. */
  async start(
    { recorderId, recorderName = defaultRecorderName, resume = false, tags }: StartRecorderOptions = {},
    parentRunId?: string,
  ): Promise<MLflowRecorder> {
    const found = resume ? await this.#find(recorderId, recorderName) : undefined;
    if (resume && recorderId !== undefined && !found) throw noRecorder(recorderId, recorderName, this.name);
    const recorder = found ?? this.createRecorder(recorderName);
    await recorder.start(parentRunId, tags);
    this.activeRecorder = recorder;
    return recorder;
  }

  /** Ends the active recorder. qlib's own default is SCHEDULED. */
  async end(status: RunStatus = 'SCHEDULED'): Promise<void> {
    checkStatus(status);
    await this.activeRecorder?.end(status);
    this.activeRecorder = undefined;
  }

  /** A recorder that has not been started: nothing is stored yet. */
  createRecorder(name: string = defaultRecorderName): MLflowRecorder {
    return new MLflowRecorder(this.store, this.services, this.id, name);
  }

  /** The recorder of that id, else the newest of that name; without both the active one. */
  async getRecorder({
    recorderId,
    recorderName,
    create = true,
    start = false,
  }: GetRecorderOptions = {}): Promise<MLflowRecorder> {
    if (recorderId === undefined && recorderName === undefined && this.activeRecorder)
      return this.activeRecorder;
    const found = await this.#find(recorderId, recorderName ?? defaultRecorderName);
    if (found) return found;
    if (!create || recorderId !== undefined) throw noRecorder(recorderId, recorderName, this.name);
    const recorder = this.createRecorder(recorderName);
    if (start) {
      await recorder.start();
      this.activeRecorder = recorder;
    }
    return recorder;
  }

  /** By id, the newest first. */
  async listRecorders({
    maxResults = unlimited,
    status,
    filterString = '',
  }: ListRecordersOptions = {}): Promise<Map<string, MLflowRecorder>> {
    const wanted = status === undefined ? undefined : checkStatus(status);
    const { items } = await this.store.searchRuns([this.id], { filter: filterString, maxResults });
    const recorders = new Map<string, MLflowRecorder>();
    for (const run of items)
      if (wanted === undefined || run.info.status === wanted)
        recorders.set(run.info.runId, this.#recorderOf(run));
    return recorders;
  }

  searchRecords(options: SearchOptions = {}): Promise<Page<Run>> {
    return this.store.searchRuns([this.id], { maxResults: unlimited, ...options });
  }

  async deleteRecorder({
    recorderId,
    recorderName,
  }: {
    recorderId?: string;
    recorderName?: string;
  }): Promise<void> {
    if (recorderId === undefined && recorderName === undefined)
      throw new UserError('no recorder is named to be deleted', { hint: 'give recorderId or recorderName' });
    if (recorderId !== undefined) return this.store.deleteRun(recorderId);
    const found = await this.#find(undefined, recorderName ?? '');
    if (!found) throw noRecorder(recorderId, recorderName, this.name);
    return this.store.deleteRun(found.id);
  }

  async #find(recorderId: string | undefined, recorderName: string): Promise<MLflowRecorder | undefined> {
    if (recorderId !== undefined) {
      try {
        return this.#recorderOf(await this.store.getRun(recorderId));
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    }
    const { items } = await this.store.searchRuns([this.id], { maxResults: unlimited });
    const run = items.find(
      ({ data, info }) => (data.tags.get('mlflow.runName') ?? info.runName) === recorderName,
    );
    return run && this.#recorderOf(run);
  }

  #recorderOf({ info, data }: Run): MLflowRecorder {
    const name = data.tags.get('mlflow.runName') ?? info.runName;
    return new MLflowRecorder(this.store, this.services, info.experimentId || this.id, name, info);
  }
}

function noRecorder(id: string | undefined, name: string | undefined, experiment: string): Error {
  const what =
    id === undefined
      ? `named ${JSON.stringify(name ?? defaultRecorderName)}`
      : `with id ${JSON.stringify(id)}`;
  return notFound(
    `no recorder ${what} in experiment "${experiment}"`,
    'experiment.listRecorders() gives those that are there',
  );
}
