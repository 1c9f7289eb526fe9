import { hash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allocate, denseColumn, Panel, PanelIndex } from '../../core/panel.ts';
import type { WorkerPool } from '../../core/workers.ts';
import type { BinRead, FieldSpec } from '../provider.ts';
import { type ColumnPiece, type ColumnsJob, cacheReadTask, cacheWriteTask } from './columns-task.ts';

/** What is told of an entry's columns; they lie one after another in `columns.bin`, the row labels in `index.bin`. */
interface Manifest {
  readonly version: 1;
  readonly rows: number;
  readonly times: number;
  readonly instruments: readonly string[];
  /** CRC-32 by column; null for one that is NaN in every row and takes no room. */
  readonly checksums: readonly (number | null)[];
  readonly indexHash: string;
  /** Bins read, for fingerprints: instrument, field, file, start, length. */
  readonly bins: readonly (readonly [string, string, string, number, number])[];
  /** What was told when the features were computed. */
  readonly warnings: readonly string[];
  /** For people. */
  readonly about: { readonly folder: string; readonly fields: number; readonly first: string };
}

export interface EntryNotes {
  readonly bins: readonly BinRead[];
  readonly warnings: readonly string[];
  readonly folder: string;
}

/** Bytes that a panel takes in the cache, at most. */
export function entryBytes(panel: Panel): number {
  return panel.length * 4 * (panel.columns.length + 1) + 12 * panel.index.times.length;
}

/** Writes a panel of dense float32 columns into an empty folder. */
export async function writeEntry(
  folder: string,
  panel: Panel,
  notes: EntryNotes,
  fields: readonly FieldSpec[],
  pool: WorkerPool | undefined,
): Promise<void> {
  const { index } = panel;
  const columns = panel.columns.map(({ values, rows }) => {
    if (rows || !(values instanceof Float32Array)) throw new Error('a cached column is dense float32');
    return values;
  });
  const isKept = columns.map((values) => !isAllNaN(values));
  const file = join(folder, 'columns.bin');
  const opened = openSync(file, 'w');
  const size = 4 * panel.length;
  const kept = columns.filter((_, i) => isKept[i]);
  ftruncateSync(opened, size * kept.length);
  closeSync(opened);
  const pieces = kept.map((values, i): ColumnPiece => ({ offset: i * size, values, checksum: 0 }));
  const sums = (await onThreads<number[]>(pool, 'cache-write', cacheWriteTask, file, pieces)).flat();
  const indexBytes = bytesOfIndex(index);
  writeFileSync(join(folder, 'index.bin'), indexBytes);
  let next = 0;
  const manifest: Manifest = {
    version: 1,
    rows: panel.length,
    times: index.times.length,
    instruments: index.instruments,
    checksums: isKept.map((keeps) => (keeps ? sums[next++]! : null)),
    indexHash: hash('sha256', indexBytes),
    bins: notes.bins.map((b) => [b.instrument, b.field, b.file, b.start, b.length] as const),
    warnings: notes.warnings,
    about: { folder: notes.folder, fields: fields.length, first: fields[0]?.expression ?? '' },
  };
  const text = JSON.stringify(manifest);
  writeFileSync(join(folder, 'manifest.json'), `${hash('sha256', text)}\n${text}`);
}

/** The panel of an entry, its columns in storage of their own; undefined where the entry is absent or damaged. */
export async function readEntry(
  folder: string,
  fields: readonly FieldSpec[],
  pool: WorkerPool | undefined,
): Promise<{ panel: Panel; bins: BinRead[]; warnings: readonly string[] } | undefined> {
  try {
    const manifest = readManifest(folder);
    if (!manifest || manifest.checksums.length !== fields.length) return undefined;
    const indexBytes = new Uint8Array(readFileSync(join(folder, 'index.bin')));
    if (hash('sha256', indexBytes) !== manifest.indexHash) return undefined;
    const columns = manifest.checksums.map(() => allocate('f32', manifest.rows));
    const pieces: ColumnPiece[] = [];
    manifest.checksums.forEach((checksum, i) => {
      const values = columns[i]!;
      if (checksum === null) values.fill(Number.NaN);
      else pieces.push({ offset: pieces.length * 4 * manifest.rows, values, checksum });
    });
    const good = await onThreads<boolean>(
      pool,
      'cache-read',
      cacheReadTask,
      join(folder, 'columns.bin'),
      pieces,
    );
    if (!good.every(Boolean)) return undefined;
    return {
      panel: new Panel(
        indexFrom(indexBytes, manifest),
        fields.map(({ group, name }, i) => denseColumn(group, name, columns[i]!)),
      ),
      bins: manifest.bins.map(([instrument, field, file, start, length]) => ({
        ...{ instrument, field, file, start, length },
      })),
      warnings: manifest.warnings,
    };
  } catch (error) {
    // removed by another process while it was read, or not readable
    if (error instanceof SyntaxError || typeof (error as NodeJS.ErrnoException).code === 'string')
      return undefined;
    throw error;
  }
}

/** Starts the threads, which soon have features to read or to compute, while this one looks at the files. */
export function startThreads(pool: WorkerPool): void {
  const nothing: ColumnsJob = { file: '', pieces: [] };
  // whatever fails now fails again, and is told, when there is work
  pool
    .all(
      'cache-read',
      Array.from({ length: pool.size }, () => nothing),
    )
    .catch(() => {});
}

/** What an entry says of itself; undefined where its words are damaged. */
export function readManifest(folder: string): Manifest | undefined {
  const [sum, text = ''] = readFileSync(join(folder, 'manifest.json'), 'utf8').split('\n');
  return sum === hash('sha256', text) ? (JSON.parse(text) as Manifest) : undefined;
}

/** Columns taken in turns by the threads, in the order of the pieces. */
async function onThreads<R>(
  pool: WorkerPool | undefined,
  task: string,
  here: (job: ColumnsJob) => R,
  file: string,
  pieces: readonly ColumnPiece[],
): Promise<R[]> {
  if (!pool || pieces.length < 2) return [here({ file, pieces })];
  const share = Math.ceil(pieces.length / (pool.size * 4));
  const jobs = Array.from(
    { length: Math.ceil(pieces.length / share) },
    (_, k): ColumnsJob => ({
      file,
      pieces: pieces.slice(k * share, (k + 1) * share),
    }),
  );
  return pool.all<R>(task, jobs);
}

function isAllNaN(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) return false;
  return true;
}

function bytesOfIndex({ times, offsets, codes }: PanelIndex): Uint8Array {
  const bytes = new Uint8Array(12 * times.length + 4 + 4 * codes.length);
  new Float64Array(bytes.buffer, 0, times.length).set(times);
  new Int32Array(bytes.buffer, 8 * times.length, offsets.length).set(offsets);
  new Int32Array(bytes.buffer, 12 * times.length + 4, codes.length).set(codes);
  return bytes;
}

function indexFrom(bytes: Uint8Array, { times, rows, instruments }: Manifest): PanelIndex {
  const codes = new Int32Array(new SharedArrayBuffer(4 * rows));
  codes.set(new Int32Array(bytes.buffer, 12 * times + 4, rows));
  return new PanelIndex(
    new Float64Array(bytes.buffer.slice(0, 8 * times)),
    new Int32Array(bytes.buffer.slice(8 * times, 12 * times + 4)),
    instruments,
    codes,
  );
}
