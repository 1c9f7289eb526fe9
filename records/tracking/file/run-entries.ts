import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../../../components/core/make-folder.ts';
import { changedParam, checkBatch } from '../check-batch.ts';
import { invalid, notFound } from '../errors.ts';
import { checkKey } from '../names.ts';
import type { LogBatch } from '../store.ts';
import type { MetricEntry } from '../types.ts';
import { createFile, replaceFile, writeNew } from './atomic.ts';
import { isErrorCode } from './error-code.ts';
import type { Layout } from './layout.ts';
import { formatPoint } from './metric-file.ts';
import type { MetricWriter } from './metric-writer.ts';
import { readText } from './read-text.ts';

/** Writes params, metrics and tags of one run. Made once the run is known to be there and active. */
export class RunEntries {
  /** Folders known to lie in the store. */
  #safe: Set<string> | undefined;

  constructor(
    private readonly folder: string,
    private readonly layout: Layout,
    private readonly writer: MetricWriter,
    /** The run's folders were made just now, in a folder that is known to lie in the store. */
    private readonly isFresh = false,
  ) {}

  log(batch: LogBatch): void {
    checkBatch(batch);
    const { metrics = [], params = [], tags = [] } = batch;
    for (const [key, value] of params) this.#logParam(key, value);
    this.#logMetrics(metrics);
    for (const [key, value] of tags) this.setTag(key, value);
  }

  setTag(key: string, value: string): void {
    const path = this.#path('tags', key);
    told('tag', key, () => replaceFile(path, value, this.folder));
  }

  /** A tag of a run that nobody can see yet, at its place at once. */
  writeTag(key: string, value: string): void {
    const path = this.#path('tags', key);
    told('tag', key, () => writeNew(path, value));
  }

  deleteTag(key: string): void {
    checkKey('tag', key);
    const path = `${this.folder}/tags/${key}`;
    if (!existsSync(path)) throw notFound(`no tag "${key}" in the run`);
    this.#path('tags', key);
    told('tag', key, () => rmSync(path));
  }

  #logParam(key: string, value: string): void {
    const path = this.#path('params', key);
    if (told('param', key, () => createFile(path, value, this.folder))) return;
    const known = readText(path);
    if (known === undefined) throw nameClash('param', key);
    if (known !== value) throw changedParam(key, known, value);
  }

  /** One write a file: all points of a key that stand in the batch. */
  #logMetrics(metrics: readonly MetricEntry[]): void {
    const [first] = metrics;
    if (first && metrics.length === 1) {
      this.#append(first.key, formatPoint(first));
      return;
    }
    const lines = new Map<string, string[]>();
    for (const point of metrics) {
      const rows = lines.get(point.key);
      if (rows) rows.push(formatPoint(point));
      else lines.set(point.key, [formatPoint(point)]);
    }
    for (const [key, rows] of lines) this.#append(key, rows.join(''));
  }

  #append(key: string, lines: string): void {
    const path = this.#path('metrics', key);
    told('metric', key, () => this.writer.append(path, lines, this.folder));
  }

  /** The file of a key; its folder is made, and must lie in the store, all links followed. */
  #path(kind: 'params' | 'metrics' | 'tags', key: string): string {
    const path = `${this.folder}/${kind}/${key}`;
    const isNested = key.includes('/');
    if (this.isFresh && !isNested) return path;
    const parent = isNested ? dirname(path) : `${this.folder}/${kind}`;
    this.#safe ??= new Set();
    if (this.#safe.has(parent)) return path;
    told(kind, key, () => makeFolder(parent));
    if (!this.layout.contains(parent))
      throw invalid(
        `the folder of ${kind} "${key}" is a link out of the store`,
        'nothing outside a store is written',
      );
    this.#safe.add(parent);
    return path;
  }
}

function nameClash(kind: string, key: string): Error {
  return invalid(
    `name "${key}" of a ${kind.replace(/s$/, '')} clashes with another one`,
    'a file store keeps "a/b" as a file in a folder "a": no other name may be "a", nor "a/b/c" be used beside "a/b"',
  );
}

/** Turns the system's refusals into the user's words. */
function told<T>(kind: string, key: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (isErrorCode(error, 'EISDIR', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY')) throw nameClash(kind, key);
    if (isErrorCode(error, 'ELOOP'))
      throw invalid(`the file of ${kind} "${key}" is a link`, 'links are not followed');
    throw error;
  }
}
