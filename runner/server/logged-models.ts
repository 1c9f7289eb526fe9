import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../components/core/make-folder.ts';
import type { ArtifactFolder } from '../../records/tracking/artifact-folder.ts';
import { replaceFile } from '../../records/tracking/file/atomic.ts';
import { LocalArtifacts } from '../../records/tracking/file/local-artifacts.ts';
import { checkKey, isExperimentId } from '../../records/tracking/names.ts';
import { ApiError, badRequest } from './api-error.ts';

export interface LoggedModel {
  readonly modelId: string;
  readonly experimentId: string;
  readonly name: string;
  readonly sourceRunId: string;
  readonly modelType: string;
  readonly status: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly deleted: boolean;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Runs that produced it, with the step. */
  readonly outputs: Readonly<Record<string, number>>;
}

const idPattern = /^m-[0-9a-f]{32}$/;
const metaFile = 'model.json';

/**
 * Models that MLflow 3 clients log beside runs, kept in `EXPERIMENT/models/ID/` below the store: a description and a folder of artifacts.
 * Only what clients need to log and find them again; there is no registry.
 */
export class LoggedModels {
  readonly #experimentOf = new Map<string, string>();

  constructor(
    private readonly root: string,
    private readonly now: () => number,
  ) {}

  create(
    model: Pick<LoggedModel, 'experimentId' | 'name' | 'sourceRunId' | 'modelType' | 'params' | 'tags'>,
  ): LoggedModel {
    const modelId = `m-${randomUUID().replaceAll('-', '')}`;
    for (const key of Object.keys(model.tags)) checkKey('tag', key);
    const now = this.now();
    const state = {
      status: 'LOGGED_MODEL_PENDING',
      createdAt: now,
      updatedAt: now,
      deleted: false,
      outputs: {},
    };
    const made: LoggedModel = { ...model, modelId, name: model.name || modelId, ...state };
    const folder = this.#folder(made.experimentId, modelId);
    makeFolder(join(folder, 'artifacts'));
    return this.#write(made);
  }

  get(modelId: string): LoggedModel {
    const model = this.#find(modelId);
    if (!model || model.deleted) throw notThere(modelId);
    return model;
  }

  update(
    modelId: string,
    change: Partial<Pick<LoggedModel, 'status' | 'tags' | 'deleted' | 'outputs' | 'params'>>,
  ): LoggedModel {
    const model = this.get(modelId);
    for (const key of Object.keys(change.tags ?? {})) checkKey('tag', key);
    return this.#write({ ...model, ...change, updatedAt: this.now() });
  }

  /** The newest first. */
  search(experimentIds: readonly string[]): LoggedModel[] {
    return experimentIds
      .flatMap((id) => this.#ids(id).map((modelId) => this.#read(id, modelId)))
      .filter((model) => model !== undefined && !model.deleted)
      .map((model) => model as LoggedModel)
      .sort((a, b) => b.createdAt - a.createdAt || (a.modelId < b.modelId ? -1 : 1));
  }

  uriOf({ experimentId, modelId }: LoggedModel): string {
    return `mlflow-artifacts:/${experimentId}/models/${modelId}/artifacts`;
  }

  /** The artifacts of the model that `above` (`EXPERIMENT/models`) and the id name; undefined if there is none. */
  artifacts(modelId: string, above: string): ArtifactFolder | undefined {
    const model = idPattern.test(modelId) ? this.#find(modelId) : undefined;
    if (!model || above !== `${model.experimentId}/models`) return undefined;
    return this.artifactsOf(model);
  }

  artifactsOf({ experimentId, modelId }: LoggedModel): ArtifactFolder {
    const folder = this.#folder(experimentId, modelId);
    return new LocalArtifacts(join(folder, 'artifacts'), folder);
  }

  #find(modelId: string): LoggedModel | undefined {
    if (!idPattern.test(modelId)) return undefined;
    const known = this.#experimentOf.get(modelId);
    const places = known === undefined ? names(this.root).filter(isExperimentId) : [known];
    for (const experimentId of places) {
      const model = this.#read(experimentId, modelId);
      if (model) {
        this.#experimentOf.set(modelId, experimentId);
        return model;
      }
    }
    return undefined;
  }

  #ids(experimentId: string): string[] {
    if (!isExperimentId(experimentId)) return [];
    return names(join(this.root, experimentId, 'models')).filter((name) => idPattern.test(name));
  }

  #read(experimentId: string, modelId: string): LoggedModel | undefined {
    const path = join(this.#folder(experimentId, modelId), metaFile);
    try {
      return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as LoggedModel) : undefined;
    } catch {
      return undefined;
    }
  }

  #write(model: LoggedModel): LoggedModel {
    const folder = this.#folder(model.experimentId, model.modelId);
    replaceFile(join(folder, metaFile), JSON.stringify(model), folder);
    return model;
  }

  #folder(experimentId: string, modelId: string): string {
    if (!isExperimentId(experimentId))
      throw badRequest(`Invalid experiment id ${JSON.stringify(experimentId.slice(0, 100))}`);
    return join(this.root, experimentId, 'models', modelId);
  }
}

function notThere(modelId: string): ApiError {
  return new ApiError(
    'RESOURCE_DOES_NOT_EXIST',
    `Logged model with ID ${JSON.stringify(modelId.slice(0, 100))} not found`,
  );
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
