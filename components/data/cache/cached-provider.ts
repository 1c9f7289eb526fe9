import { createHash, hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Log, silentLog } from '../../core/log.ts';
import { builtFile } from '../../core/package-root.ts';
import type { Panel } from '../../core/panel.ts';
import { calendarRange } from '../calendar.ts';
import { hasCrossSection } from '../cross-section/cross-section.ts';
import { builtinSet, codeBehind } from '../expression/operator-set.ts';
import { DataFolder } from '../folder.ts';
import { type DataFolders, type OpenDataOptions, openData } from '../folder-provider.ts';
import { formatFrequency, parseFrequency } from '../frequency.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { PitFolder } from '../point-in-time/pit-folder.ts';
import { pitFieldsOf } from '../point-in-time/pit-plan.ts';
import type {
  BinRead,
  DataProvider,
  DataReads,
  FeatureRequest,
  InstrumentsSpec,
  PitRead,
} from '../provider.ts';
import type { CacheStore } from './cache-store.ts';
import { contentOf, stampOf } from './content.ts';
import { entryBytes, readEntry, startThreads, writeEntry } from './entry.ts';

export interface CachedDataOptions extends OpenDataOptions {
  readonly store: CacheStore;
  readonly now: () => number;
  /** Whether features that are not in the cache are put there; else it is only read. */
  readonly keeps: boolean;
  /** Threads that compute features which other processes wait for; default those of the pool. */
  readonly computeThreads?: number | undefined;
  /** Values from which on features are kept; fewer are computed as fast as they are read. */
  readonly minValues?: number | undefined;
}

/** Opens data as `openData`, with computed features kept in a cache between runs. */
export function openCachedData(folders: DataFolders, options: CachedDataOptions): DataProvider {
  return new CachedProvider(folders, options);
}

/** Where the features of a request are kept, and the files that they come from. */
interface Key {
  readonly request: string;
  readonly freq: string;
  readonly files: readonly string[];
  readonly stamp: string;
  /** Most bytes that its features can take. */
  readonly maxBytes: number;
}

/**
 * Features are kept by what they are made of: expressions, instruments with their spans, days, the calendar, this build of the kernels, and the
 * contents of the bins. Contents are hashed once; while names, sizes, times and inodes are the same as then, so are the contents.
 * What is handed out has storage of its own, which handlers may write over.
 */
class CachedProvider implements DataProvider {
  readonly folder: string;
  readonly #inner: DataProvider;
  readonly #options: CachedDataOptions;
  readonly #log: Log;
  readonly #folders: DataFolders;
  /** Bins whose features came from the cache, by frequency. */
  readonly #restored = new Map<string, Map<string, BinRead>>();
  readonly #restoredPit = new Map<string, PitRead>();
  #told: string[] | null = null;

  constructor(folders: DataFolders, options: CachedDataOptions) {
    this.#folders = folders;
    this.#options = options;
    this.#log = options.log ?? silentLog;
    const given = this.#log;
    const log: Log = {
      info: (text) => given.info(text),
      metric: (name, value, step) => given.metric(name, value, step),
      progress: (work, share) => given.progress(work, share),
      warn: (text) => {
        this.#told?.push(text);
        given.warn(text);
      },
    };
    this.#inner = openData(folders, { ...options, log });
    this.folder = this.#inner.folder;
  }

  get operators() {
    return this.#set.operators;
  }

  get #set() {
    return this.#options.operators ?? builtinSet;
  }

  calendar(...given: Parameters<DataProvider['calendar']>) {
    return this.#inner.calendar(...given);
  }

  markets() {
    return this.#inner.markets();
  }

  instruments(...given: Parameters<DataProvider['instruments']>) {
    return this.#inner.instruments(...given);
  }

  fields(...given: Parameters<DataProvider['fields']>) {
    return this.#inner.fields(...given);
  }

  async features(request: FeatureRequest): Promise<Panel> {
    const resolved = await this.#resolved(request);
    const key = hasCrossSection(request.fields) ? null : await this.#keyOf(resolved);
    if (!key) return this.#inner.features(resolved);
    const done = (panel: Panel) => {
      request.onProgress?.(1);
      return panel;
    };
    const found = await this.#lookUp(key, resolved);
    if (found) return done(found);
    if (!this.#isKept(key.maxBytes)) return this.#compute(key, resolved, false);
    const { claims } = this.#options.store;
    for (;;) {
      const claim = claims.take(key.request);
      if (claim === 'other') {
        await claims.ended(key.request);
        continue;
      }
      try {
        // another process may have ended just before
        const kept = await this.#lookUp(key, resolved);
        return kept ? done(kept) : await this.#compute(key, resolved, claim === 'mine');
      } finally {
        if (claim === 'mine') claims.release(key.request);
      }
    }
  }

  #isKept(bytes: number): boolean {
    const { keeps, store } = this.#options;
    return keeps && store.hasRoom(bytes);
  }

  async #compute(key: Key, request: FeatureRequest, isAwaited: boolean): Promise<Panel> {
    const { store, pool, keeps, computeThreads } = this.#options;
    const compute = () => this.#inner.features(request);
    this.#told = [];
    const panel = await (isAwaited && pool && computeThreads !== undefined
      ? pool.widened(computeThreads, compute)
      : compute());
    const warnings = this.#told;
    this.#told = null;
    const bytes = entryBytes(panel);
    const folder = keeps && bytes >= 4 * this.#minValues ? store.begin(bytes) : undefined;
    if (folder !== undefined) {
      const notes = { warnings, folder: this.folder, bins: this.#binsOf(key) };
      try {
        await writeEntry(folder, panel, notes, request.fields, pool);
        const content = await contentOf(key.files, pool);
        // bins that changed meanwhile may be in the features in part
        if (stampOf(key.files) === key.stamp) {
          store.commit(folder, key.request, content);
          store.keepStamp(key.stamp, content);
        } else store.discard(folder);
      } catch (error) {
        store.discard(folder);
        if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
        this.#log.warn(`features could not be kept in ${store.folder}: ${(error as Error).message}`);
      }
    }
    return panel;
  }

  /** Features that are too large to be held are too large to be kept. */
  async openFeatures(request: FeatureRequest) {
    return (await this.#inner.openFeatures?.(request)) ?? null;
  }

  reads(): DataReads {
    const reads = this.#inner.reads!();
    const frequencies = reads.frequencies.map((frequency) => {
      const bins = new Map(frequency.bins.map((bin) => [bin.file, bin]));
      for (const [file, bin] of this.#restored.get(frequency.freq) ?? []) bins.set(file, bin);
      return { ...frequency, bins: [...bins.values()] };
    });
    if (this.#restoredPit.size === 0) return { ...reads, frequencies };
    const pit = new Map(this.#restoredPit);
    for (const read of reads.pointInTime?.fields ?? []) pit.set(read.data, read);
    const { path } = folderOf(this.#folders, null);
    return { ...reads, frequencies, pointInTime: { folder: path, fields: [...pit.values()] } };
  }

  get #minValues(): number {
    return this.#options.minValues ?? 500_000;
  }

  /** Filters are evaluated once, for the key and for the features. */
  async #resolved(request: FeatureRequest): Promise<FeatureRequest> {
    const { instruments, freq = 'day', membersFreq } = request;
    if (!hasFilter(instruments)) return request;
    return { ...request, instruments: await this.#inner.instruments(instruments, { freq, membersFreq }) };
  }

  /** Null for what is not kept: few values. */
  async #keyOf({
    instruments,
    fields,
    start,
    end,
    freq = 'day',
    membersFreq,
  }: FeatureRequest): Promise<Key | null> {
    const times = await this.#inner.calendar({ freq });
    const range = calendarRange(times, start, end);
    if (fields.length === 0 || range.from === range.to) return null;
    const isList = Array.isArray(instruments);
    const spans = isList ? null : await this.#inner.instruments(instruments, { freq, membersFreq });
    const names = spans ? [...spans.keys()] : [...(instruments as readonly string[])];
    if (names.length * (range.to - range.from) * fields.length < this.#minValues) return null;
    if (this.#options.pool) startThreads(this.#options.pool);
    const plan = makePlan(
      fields.map((f) => f.expression),
      range,
      this.operators,
    );
    const name = formatFrequency(parseFrequency(freq));
    const folder = folderOf(this.#folders, name);
    const files = [
      ...new Set(
        plan.sources.flatMap(({ instrument, field, pit }) =>
          (pit ? [] : instrument === null ? names : [instrument]).map((one) =>
            join(folder.featureFolder(one) ?? join(folder.path, 'features', one), `${field}.${name}.bin`),
          ),
        ),
      ),
      ...this.#pitFiles(plan, names).flatMap(({ data, index }) => [data, index]),
    ];
    const sum = createHash('sha256');
    sum.update(JSON.stringify([1, engineOf(), name, range, fields.map((f) => f.expression)]));
    sum.update(JSON.stringify(spans ? [...spans] : names));
    const code = codeBehind(
      fields.map((f) => f.expression),
      this.#set,
    );
    if (code.length > 0) sum.update(JSON.stringify(code));
    sum.update(new Uint8Array(times.buffer, times.byteOffset, times.byteLength));
    const hashed = sum.digest('hex').slice(0, 32);
    const { store, keeps } = this.#options;
    if (!keeps && store.contentsOf(hashed).length === 0) return null;
    const maxBytes = 4 * names.length * (range.to - range.from) * (fields.length + 1);
    return { request: hashed, freq: name, files, stamp: stampOf(files), maxBytes };
  }

  /** Where the point-in-time fields of a plan are, or would be. */
  #pitFiles({ sources }: Plan, names: readonly string[]): PitRead[] {
    const fields = sources.flatMap(pitFieldsOf);
    if (fields.length === 0) return [];
    const folder = folderOf(this.#folders, null);
    const pit = new PitFolder(folder);
    return fields.flatMap(({ field, instrument }) =>
      (instrument === null ? names : [instrument]).map((one) => {
        const place = join(folder.path, 'financial', one, field);
        return {
          ...{ instrument: one, field },
          ...(pit.find(one, field) ?? { data: `${place}.data`, index: `${place}.index` }),
        };
      }),
    );
  }

  async #lookUp(
    { request, freq, files, stamp }: Key,
    { fields }: FeatureRequest,
  ): Promise<Panel | undefined> {
    const { store, pool } = this.#options;
    const kept = store.contentsOf(request);
    if (kept.length === 0) return undefined;
    let content = store.contentOfStamp(stamp);
    if (content === undefined) {
      content = await contentOf(files, pool);
      if (stampOf(files) === stamp) store.keepStamp(stamp, content);
    }
    if (!kept.includes(content)) return undefined;
    const entry = await readEntry(store.folderOf(request, content), fields, pool);
    if (!entry) {
      this.#log.warn('kept features are damaged: they are computed again');
      store.remove(request, content);
      return undefined;
    }
    store.touch(request, content, new Date(this.#options.now()));
    for (const text of entry.warnings) this.#log.warn(text);
    // makes the reader of this frequency, whose calendar counts among what was read
    await this.#inner.fields('', freq);
    // the same contents may lie elsewhere now
    const places = new Map(files.map((file) => [placeOf(file), file]));
    const restored = this.#restored.get(freq) ?? new Map<string, BinRead>();
    this.#restored.set(freq, restored);
    for (const bin of entry.bins) {
      const file = places.get(placeOf(bin.file)) ?? bin.file;
      const { instrument, field } = bin;
      if (field.startsWith('$$'))
        this.#restoredPit.set(file, {
          ...{ instrument, field: field.slice(2), data: file },
          index: file.replace(/data$/, 'index'),
        });
      else restored.set(file, { ...bin, file });
    }
    return entry.panel;
  }

  #binsOf({ files, freq }: Key): BinRead[] {
    const asked = new Set(files);
    const { frequencies, pointInTime } = this.#inner.reads!();
    const bins = frequencies.find((f) => f.freq === freq)?.bins ?? [];
    const pit = (pointInTime?.fields ?? []).map(
      ({ instrument, field, data }): BinRead => ({
        ...{ instrument, field: `$$${field}`, file: data, start: 0, length: 0 },
      }),
    );
    return [...bins, ...pit].filter((bin) => asked.has(bin.file));
  }
}

/** `aapl/close.day.bin`. */
const placeOf = (file: string) => file.split(/[\\/]/).slice(-2).join('/');

function hasFilter(spec: InstrumentsSpec): boolean {
  return (
    typeof spec === 'object' &&
    'filter_pipe' in spec &&
    Array.isArray(spec.filter_pipe) &&
    spec.filter_pipe.length > 0
  );
}

function folderOf(folders: DataFolders, freq: string | null): DataFolder {
  if (typeof folders === 'string') return new DataFolder(folders);
  const entries = Object.entries(folders);
  const [, path] =
    entries.find(
      ([name]) =>
        freq !== null && name !== '__DEFAULT_FREQ' && formatFrequency(parseFrequency(name)) === freq,
    ) ??
    entries.find(([name]) => name === '__DEFAULT_FREQ') ??
    entries[0]!;
  return new DataFolder(path);
}

let engine: string | undefined;

/** What computes: another build of qrun may round otherwise. */
export function engineOf(): string {
  try {
    engine ??= readFileSync(builtFile('bundle.hash'), 'utf8');
  } catch {
    engine = hash('sha256', import.meta.url);
  }
  return engine;
}
