import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import * as zlib from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { dayMs } from '../../core/dates.ts';
import { UserError } from '../../core/errors.ts';
import { parseCellTime } from './cell-time.ts';
import { parseNumber } from './csv-cells.ts';
import { checkedInstrument, instrumentOfFile } from './instrument-name.ts';
import { type Layout, layoutOf } from './layout.ts';
import type { ReadOptions } from './options.ts';
import { GrowingRows } from './rows.ts';

const parsers = {
  timestampFromMilliseconds: Number,
  timestampFromMicroseconds: (micros: bigint) => Number(micros) / 1000,
  timestampFromNanoseconds: (nanos: bigint) => Number(nanos / 1000n) / 1000,
  dateFromDays: (days: number) => days * dayMs,
};

const compressors: Compressors = {
  GZIP: (input) => zlib.gunzipSync(input),
  BROTLI: (input) => zlib.brotliDecompressSync(input),
  ZSTD(input) {
    const decompress: unknown = Reflect.get(zlib, 'zstdDecompressSync');
    if (typeof decompress !== 'function')
      throw new UserError('this version of Node reads no parquet files compressed with zstd', {
        hint: 'use Node 22.15 or newer, or write the file with compression="snappy"',
      });
    return (decompress as (input: Uint8Array) => Uint8Array)(input);
  },
};

/** Rows of a Parquet file, one group an instrument; only the columns that count are read. @throws UserError naming file, row and column */
export async function readParquetRows(
  file: string,
  options: ReadOptions,
): Promise<{ layout: Layout; groups: GrowingRows[] }> {
  const { parquetMetadataAsync, parquetRead } = await import('hyparquet');
  const opened = openSync(file, 'r');
  try {
    const byteLength = fstatSync(opened).size;
    const source = {
      byteLength,
      slice(start: number, end = byteLength): ArrayBuffer {
        const bytes = new Uint8Array(end - start);
        readSync(opened, bytes, 0, bytes.length, start);
        return bytes.buffer;
      },
    };
    const metadata = await parquetMetadataAsync(source);
    const header = topNames(metadata.schema);
    const layout = layoutOf(header, options, file);
    const rows = Number(metadata.num_rows);
    const used = [layout.date, layout.symbol, ...layout.read.map((r) => r.column)].filter((c) => c >= 0);
    const cells = new Map(used.map((c) => [header[c]!, new Array<unknown>(rows).fill(null)]));
    await parquetRead({
      file: source,
      metadata,
      columns: [...cells.keys()],
      compressors,
      parsers,
      geoparquet: false,
      onChunk({ columnName, columnData, rowStart }) {
        const column = cells.get(columnName);
        if (column) for (let i = 0; i < columnData.length; i++) column[rowStart + i] = columnData[i];
      },
    });
    return { layout, groups: grouped(file, options, layout, header, cells, rows) };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `${file}: broken parquet: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  } finally {
    closeSync(opened);
  }
}

function grouped(
  file: string,
  { isDaily }: ReadOptions,
  layout: Layout,
  header: readonly string[],
  cells: ReadonlyMap<string, unknown[]>,
  count: number,
): GrowingRows[] {
  const columnAt = (c: number) => cells.get(header[c]!)!;
  const times = columnAt(layout.date);
  const symbols = layout.symbol < 0 ? null : columnAt(layout.symbol);
  const numbers = layout.read.map(({ column }) => columnAt(column));
  const groups = new Map<unknown, GrowingRows>();
  const byName = new Map<string, GrowingRows>();
  const groupOf = (given: unknown, row: number) => {
    const name = symbols
      ? checkedInstrument(String(given), `${file}: row ${row + 1}`)
      : checkedInstrument(instrumentOfFile(file), file);
    let group = byName.get(name);
    if (!group) byName.set(name, (group = new GrowingRows(name, numbers.length, symbols ? 256 : count)));
    groups.set(given, group);
    return group;
  };
  for (let row = 0; row < count; row++) {
    const given = symbols ? symbols[row] : null;
    const rows = groups.get(given) ?? groupOf(given, row);
    rows.reserve();
    const at = rows.length++;
    rows.lines[at] = row + 1;
    const fault = (column: number, value: unknown, what: string) =>
      new UserError(
        `${file}: row ${row + 1}: column "${layout.names[column]}": ${JSON.stringify(String(value).slice(0, 60))} is ${what}`,
      );
    const time = timeOf(times[row]);
    if (time === undefined) throw fault(layout.date, times[row], 'no date');
    if (isDaily && time % dayMs !== 0) throw fault(layout.date, times[row], 'a time of day in daily data');
    rows.times[at] = time;
    numbers.forEach((column, c) => {
      const value = numberOf(column[row]);
      if (value === undefined) throw fault(layout.read[c]!.column, column[row], 'no number');
      rows.columns[c]![at] = value;
    });
  }
  return [...byName.values()];
}

function timeOf(value: unknown): number | undefined {
  if (typeof value === 'string') return parseCellTime(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (value === null || value === undefined) return Number.NaN;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  return typeof value === 'string' ? parseNumber(value.trim()) : undefined;
}

/** The columns of the file, without what is inside of nested ones. */
function topNames(schema: readonly { name: string; num_children?: number }[]): string[] {
  const found: string[] = [];
  const skip = (at: number): number => {
    let next = at + 1;
    for (let i = 0; i < (schema[at]?.num_children ?? 0); i++) next = skip(next);
    return next;
  };
  for (let at = 1; at < schema.length; at = skip(at)) found.push(schema[at]!.name);
  return found;
}
