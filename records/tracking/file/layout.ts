import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { isExperimentId, isRunId } from '../names.ts';
import type { LifecycleStage, ViewType } from '../types.ts';

export interface ExperimentFolder {
  readonly id: string;
  readonly folder: string;
  readonly stage: LifecycleStage;
}

const trash = '.trash';
/** The folder of MLflow's model registry stands among the experiments. */
const notExperiments = new Set([trash, 'models']);

/** What an experiment keeps beside its runs. */
const notRuns = new Set(['tags', 'datasets', 'traces', 'models']);

/** Where what stands in a store: MLflow's file layout. */
export class Layout {
  readonly #runs = new Map<string, string>();
  #realRoot: string | undefined;

  /** `root` is absolute. */
  constructor(readonly root: string) {}

  get trash(): string {
    return join(this.root, trash);
  }

  get exists(): boolean {
    return existsSync(this.root);
  }

  /** Folders that have a `meta.yaml`. */
  experiments(view: ViewType): ExperimentFolder[] {
    const found: ExperimentFolder[] = [];
    if (view !== 'DELETED_ONLY') this.#list(this.root, 'active', found);
    if (view !== 'ACTIVE_ONLY') this.#list(this.trash, 'deleted', found);
    return found;
  }

  findExperiment(id: string): ExperimentFolder | undefined {
    if (!isExperimentId(id) || notExperiments.has(id)) return undefined;
    const folder = join(this.root, id);
    if (existsSync(`${folder}/meta.yaml`)) return { id, folder, stage: 'active' };
    const deleted = join(this.trash, id);
    return existsSync(`${deleted}/meta.yaml`) ? { id, folder: deleted, stage: 'deleted' } : undefined;
  }

  /** The folder of a run, in whichever experiment it is. */
  findRun(id: string): string | undefined {
    if (!isRunId(id)) return undefined;
    const known = this.#runs.get(id);
    if (known && existsSync(join(known, 'meta.yaml'))) return known;
    this.#runs.delete(id);
    for (const { folder } of this.experiments('ALL')) {
      const run = join(folder, id);
      if (existsSync(join(run, 'meta.yaml'))) {
        this.#runs.set(id, run);
        return run;
      }
    }
    return undefined;
  }

  remember(runId: string, folder: string): void {
    this.#runs.set(runId, folder);
  }

  /** Names of the runs in an experiment's folder. */
  runsIn(folder: string): string[] {
    return names(folder).filter((name) => isRunId(name) && !notRuns.has(name));
  }

  /** Does the folder, all links followed, lie in the store? */
  contains(folder: string): boolean {
    this.#realRoot ??= realpathSync.native(this.root);
    const real = realpathSync.native(folder);
    return (
      real === this.#realRoot ||
      real.startsWith(`${this.#realRoot}/`) ||
      real.startsWith(`${this.#realRoot}\\`)
    );
  }

  #list(parent: string, stage: LifecycleStage, found: ExperimentFolder[]): void {
    for (const id of names(parent)) {
      if (!isExperimentId(id) || notExperiments.has(id)) continue;
      const folder = join(parent, id);
      if (existsSync(join(folder, 'meta.yaml'))) found.push({ id, folder, stage });
    }
  }
}

/** Children of a folder; none where there is no folder. */
export function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
