import { existsSync, lstatSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeFolder } from '../../../components/core/make-folder.ts';
import { invalid, notFound, TrackingError } from '../errors.ts';
import { checkEntry, checkExperimentName, checkKey } from '../names.ts';
import type { ExperimentInfo, ViewType } from '../types.ts';
import { createFile, replaceFile } from './atomic.ts';
import { listEntries, readEntries } from './entries.ts';
import { isErrorCode } from './error-code.ts';
import { experimentIdFor } from './experiment-id.ts';
import type { ExperimentFolder, Layout } from './layout.ts';
import { experimentInfoOf, experimentMeta } from './meta.ts';
import { formatMeta, parseMeta } from './meta-yaml.ts';
import { readText } from './read-text.ts';

const defaultExperiment = { id: '0', name: 'Default' };

/** The experiments of a file store. */
export class Experiments {
  readonly #known = new Map<
    string,
    { changed: number; size: number; readAt: number; info: ExperimentInfo }
  >();

  /** Folders with a `meta.yaml` that is no experiment's. */
  readonly unreadable = new Set<string>();

  /** Folders known to lie in the store, with their URLs. */
  readonly #safe = new Map<string, string>();

  constructor(
    private readonly layout: Layout,
    private readonly now: () => number,
  ) {}

  /** Makes the store's folder, with the experiment "Default" in it as MLflow does, where there is none. */
  ensureStore(): void {
    if (this.layout.exists) return;
    makeFolder(this.layout.trash);
    const folder = join(this.layout.root, defaultExperiment.id);
    makeFolder(folder);
    this.#create(folder, this.#newInfo(defaultExperiment.id, defaultExperiment.name));
  }

  all(view: ViewType): ExperimentInfo[] {
    return this.layout
      .experiments(view)
      .map((found) => this.#read(found))
      .filter((info) => info !== undefined);
  }

  get(id: string): { found: ExperimentFolder; info: ExperimentInfo } {
    const found = this.layout.findExperiment(id);
    const info = found && this.#read(found);
    if (!found || !info) throw this.#missing(id);
    return { found, info };
  }

  /** The folder of an active experiment, into which runs may be written, and its URL. */
  writable(id: string): { readonly folder: string; readonly url: string } {
    let found = this.layout.findExperiment(id);
    if (!found) {
      this.ensureStore();
      found = this.layout.findExperiment(id);
    }
    const info = found && this.#readMeta(found);
    if (!found || !info) throw this.#missing(id);
    if (info.lifecycleStage === 'deleted')
      throw invalid(`experiment "${info.name}" is deleted`, 'restore it before runs are added');
    const known = this.#safe.get(found.folder);
    if (known !== undefined) return { folder: found.folder, url: known };
    if (!this.layout.contains(found.folder))
      throw invalid(
        `experiment "${info.name}" is a link out of the store`,
        'nothing outside a store is written',
      );
    const url = pathToFileURL(found.folder).href;
    this.#safe.set(found.folder, url);
    return { folder: found.folder, url };
  }

  byName(name: string): ExperimentInfo | undefined {
    return this.all('ALL').find((info) => info.name === name);
  }

  create(name: string, artifactLocation: string | undefined, tags: Readonly<Record<string, string>>): string {
    checkExperimentName(name);
    for (const [key, value] of Object.entries(tags)) checkEntry('tag', key, value);
    this.ensureStore();
    const taken = this.byName(name);
    if (taken) throw alreadyThere(taken);
    for (let attempt = 0; ; attempt++) {
      const id = experimentIdFor(name, attempt);
      if (existsSync(join(this.layout.trash, id))) continue;
      const folder = join(this.layout.root, id);
      makeFolder(folder);
      const info = this.#newInfo(id, name, artifactLocation);
      if (this.#create(folder, info)) {
        for (const [key, value] of Object.entries(tags)) this.setTag(id, key, value);
        return id;
      }
      const other = this.#read({ id, folder, stage: 'active' });
      if (other?.name === name) throw alreadyThere(other);
    }
  }

  rename(id: string, name: string): void {
    checkExperimentName(name);
    const { found, info } = this.get(id);
    if (found.stage === 'deleted') throw deleted(info);
    const taken = this.byName(name);
    if (taken && taken.experimentId !== id) throw alreadyThere(taken);
    this.#write(found.folder, { ...info, name, lastUpdateTime: this.now() });
  }

  setTag(id: string, key: string, value: string): void {
    checkEntry('tag', key, value);
    const { found } = this.get(id);
    const folder = join(found.folder, 'tags', ...key.split('/').slice(0, -1));
    makeFolder(folder);
    if (!this.layout.contains(folder)) throw invalid(`tag "${key}" would be written outside the store`);
    replaceFile(join(found.folder, 'tags', key), value, found.folder);
    this.#known.delete(found.folder);
  }

  deleteTag(id: string, key: string): void {
    checkKey('tag', key);
    const { found } = this.get(id);
    const path = join(found.folder, 'tags', key);
    if (!lstatSync(path, { throwIfNoEntry: false })?.isFile() || !this.layout.contains(dirname(path)))
      throw notFound(`no tag "${key}" in the experiment`);
    rmSync(path);
  }

  /** Moves the folder to the trash; the runs in it are the caller's. */
  delete(id: string): void {
    const { found, info } = this.get(id);
    if (id === defaultExperiment.id) throw invalid('the experiment "Default" cannot be deleted');
    if (found.stage === 'deleted') throw deleted(info);
    this.#write(found.folder, { ...info, lifecycleStage: 'deleted', lastUpdateTime: this.now() });
    makeFolder(this.layout.trash);
    move(found.folder, join(this.layout.trash, id));
  }

  restore(id: string): void {
    const { found, info } = this.get(id);
    if (found.stage === 'active') throw invalid(`experiment "${info.name}" is not deleted`);
    this.#write(found.folder, { ...info, lifecycleStage: 'active', lastUpdateTime: this.now() });
    move(found.folder, join(this.layout.root, id));
  }

  #missing(id: string): TrackingError {
    return notFound(`no experiment with id ${JSON.stringify(id.slice(0, 100))} in ${this.layout.root}`);
  }

  #read(found: ExperimentFolder): ExperimentInfo | undefined {
    const info = this.#readMeta(found);
    const tags = join(found.folder, 'tags');
    return info && { ...info, tags: readEntries(tags, listEntries(tags), (text) => text) };
  }

  /** Without tags. */
  #readMeta(found: ExperimentFolder): ExperimentInfo | undefined {
    const path = join(found.folder, 'meta.yaml');
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return undefined;
    const known = this.#known.get(found.folder);
    if (
      known &&
      known.changed === stat.ctimeMs &&
      known.size === stat.size &&
      stat.ctimeMs < known.readAt - 50
    )
      return known.info;
    const readAt = Date.now();
    const meta = parseMeta(readText(path) ?? '');
    if (!meta) {
      this.unreadable.add(found.folder);
      return undefined;
    }
    this.unreadable.delete(found.folder);
    const info = experimentInfoOf(meta, found.id, found.stage === 'deleted', new Map());
    this.#known.set(found.folder, { changed: stat.ctimeMs, size: stat.size, readAt, info });
    return info;
  }

  #newInfo(id: string, name: string, artifactLocation?: string): ExperimentInfo {
    const now = this.now();
    return {
      experimentId: id,
      name,
      artifactLocation: artifactLocation ?? pathToFileURL(join(this.layout.root, id)).href,
      lifecycleStage: 'active',
      creationTime: now,
      lastUpdateTime: now,
      tags: new Map(),
    };
  }

  #create(folder: string, info: ExperimentInfo): boolean {
    return createFile(join(folder, 'meta.yaml'), formatMeta(experimentMeta(info)), folder);
  }

  #write(folder: string, info: ExperimentInfo): void {
    replaceFile(join(folder, 'meta.yaml'), formatMeta(experimentMeta(info)), folder, true);
    this.#known.delete(folder);
  }
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (isErrorCode(error, 'ENOTEMPTY', 'EEXIST'))
      throw invalid(`${to} is in the way`, 'move that folder away');
    throw error;
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

function deleted({ name }: ExperimentInfo): TrackingError {
  return new TrackingError('INVALID_PARAMETER_VALUE', `experiment "${name}" is deleted`, {
    hint: 'restore it first',
  });
}
