import { realpathSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import type { ArtifactFolder } from '../../records/tracking/artifact-folder.ts';
import { folderOf } from '../../records/tracking/open-store.ts';
import type { TrackingStore } from '../../records/tracking/store.ts';
import type { RunInfo } from '../../records/tracking/types.ts';
import { ApiError, badRequest } from './api-error.ts';
import type { Locations } from './locations.ts';
import type { LoggedModels } from './logged-models.ts';
import { checkedPath } from './plain-path.ts';

/** A place behind the artifact proxy: a folder, and the path in it. */
export interface ArtifactPlace {
  readonly folder: ArtifactFolder;
  readonly path: string;
}

/** Finds artifacts by run, or by the path that clients were told. Only folders of runs and models are ever reached. */
export class ArtifactPlaces {
  constructor(
    private readonly store: TrackingStore,
    private readonly locations: Locations,
    private readonly models: LoggedModels | null,
    /** Local folders below which artifacts may lie: a store may name any folder of this machine. */
    private readonly roots: readonly string[],
  ) {}

  async ofRun(runId: string): Promise<ArtifactFolder> {
    const folder = await this.store.artifacts(runId);
    const local = folder.localPath();
    if (local !== null && !this.#isServed(local))
      throw new ApiError(
        'PERMISSION_DENIED',
        `artifacts of run ${runId} lie outside the store: start the server with --artifacts FOLDER to serve them`,
      );
    return folder;
  }

  /** `PATH` of `mlflow-artifacts:/PATH`. */
  async find(path: string): Promise<ArtifactPlace> {
    const parts = checkedPath(path).split('/');
    for (let i = 1; i < parts.length; i++) {
      if (parts[i] !== 'artifacts') continue;
      const id = parts[i - 1]!;
      const above = parts.slice(0, i - 1).join('/');
      const rest = parts.slice(i + 1).join('/');
      const info = await this.#run(id);
      if (info && (await this.locations.ofRun(info)) === `mlflow-artifacts:/${above}/${id}/artifacts`)
        return { folder: await this.ofRun(id), path: rest };
      const model = this.models?.artifacts(id, above);
      if (model) return { folder: model, path: rest };
    }
    throw new ApiError(
      'RESOURCE_DOES_NOT_EXIST',
      `no artifacts of a run at ${JSON.stringify(path.slice(0, 200))}`,
    );
  }

  async #run(id: string): Promise<RunInfo | undefined> {
    try {
      return (await this.store.getRun(id)).info;
    } catch {
      return undefined;
    }
  }

  #isServed(local: string): boolean {
    const real = realOf(local);
    return this.roots.some((root) => {
      const realRoot = realOf(root);
      return real === realRoot || real.startsWith(realRoot + sep);
    });
  }
}

/** With links followed, as far as the path is there. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : realOf(parent) + path.slice(parent.length);
  }
}

/** The folder of a store on this machine, below which its artifacts lie; null for servers. */
export function storeFolder(uri: string): string | null {
  if (/^https?:/i.test(uri)) return null;
  const sqlite = /^sqlite:\/\/\/(.*)$/.exec(uri);
  if (sqlite) return dirname(folderOf(sqlite[1]!)!);
  const folder = folderOf(uri);
  if (folder === undefined) throw badRequest(`no folder in ${uri}`);
  return folder;
}
