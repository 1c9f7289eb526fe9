import { hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Context } from '../../components/core/context.ts';
import type { CacheStore } from '../../components/data/cache/cache-store.ts';
import type { Model, ModelState } from '../../components/model/model.ts';
import { restoreState } from '../sweep/predictions/restore-model.ts';
import type { Said } from './heard-log.ts';
import type { ModelKey } from './model-key.ts';

/** What is kept of a training. */
export interface KeptTraining extends Said {
  readonly state: ModelState;
  /** The run that trained. */
  readonly runId: string;
  /** When, in ms since 1970. */
  readonly at: number;
}

/** The manifest of an entry, for people and for its own check. */
interface Manifest {
  readonly sha256: string;
  readonly class: string;
  readonly runId: string;
}

/** Trained models between runs, by all that they depend on; an entry that is damaged counts as absent. */
export class KeptModels {
  readonly #store: CacheStore;
  readonly #key: ModelKey;

  constructor(store: CacheStore, key: ModelKey) {
    this.#store = store;
    this.#key = key;
  }

  async find(context: Context, now: Date): Promise<{ model: Model; training: KeptTraining } | undefined> {
    const { request, content } = this.#key;
    try {
      const training = readTraining(this.#store.folderOf(request, content));
      const model = await restoreState(training.state, context);
      this.#store.touch(request, content, now);
      return { model, training };
    } catch {
      return undefined;
    }
  }

  /** Keeps a training where there is room; those of the same config on other data go. */
  keep(training: KeptTraining): void {
    const { request, content } = this.#key;
    const bytes = serialize(training);
    const folder = this.#store.begin(bytes.length);
    if (folder === undefined) return;
    try {
      writeFileSync(join(folder, 'training'), bytes);
      const manifest: Manifest = {
        sha256: hash('sha256', bytes),
        class: training.state.class,
        runId: training.runId,
      };
      writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
    } catch {
      this.#store.discard(folder);
      return;
    }
    for (const other of this.#store.contentsOf(request)) this.#store.remove(request, other);
    this.#store.commit(folder, request, content);
  }
}

/** @throws Error where the entry is absent or damaged */
function readTraining(folder: string): KeptTraining {
  const { sha256 } = readManifest(folder);
  const bytes = readFileSync(join(folder, 'training'));
  if (hash('sha256', bytes) !== sha256) throw new Error(`${folder} is damaged`);
  return deserialize(bytes) as KeptTraining;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
}

/** A line on an entry of the cache, for `qrun cache ls`. */
export function aboutKept(folder: string): string {
  try {
    const manifest = readManifest(folder);
    return `${manifest.class} trained by run ${manifest.runId.slice(0, 8)}`;
  } catch {
    return 'damaged';
  }
}
