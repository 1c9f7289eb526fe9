import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { formatTime, type Time } from '../../core/dates.ts';
import { UserError } from '../../core/errors.ts';
import { makeFolder } from '../../core/make-folder.ts';
import type { Panel } from '../../core/panel.ts';
import type { DataProvider, InstrumentsSpec } from '../provider.ts';
import { float32Text } from './number-text.ts';

export interface ExportOptions {
  readonly data: DataProvider;
  /** A folder for a file an instrument; a file, `.csv` or `.parquet`, for all of them. */
  readonly target: string;
  readonly format: 'csv' | 'parquet';
  readonly instruments: InstrumentsSpec;
  /** Fields without `$`, or expressions; null: all that any instrument has. */
  readonly fields: readonly string[] | null;
  readonly start: Time | null;
  readonly end: Time | null;
  readonly freq: string;
}

/** Instruments that are in memory at a time. */
const atOnce = 50;

/** Writes values as CSV or Parquet; a row a day on which an instrument has a value. Nothing is seen before it is whole. */
export async function exportData(options: ExportOptions): Promise<{ instruments: number; rows: number }> {
  const { data, target, format, start, end, freq } = options;
  const spans = await data.instruments(options.instruments, { start, end, freq });
  const names = [...spans.keys()].sort();
  const fields = options.fields ?? (await allFields(data, names, freq));
  if (names.length === 0 || fields.length === 0)
    throw new UserError('there is nothing to export: no instrument or no field has values');
  const specs = fields.map((name) => ({
    group: null,
    name,
    expression: /^\w+$/.test(name) ? `$${name}` : name,
  }));
  const isOneFile = /\.(?:csv|parquet)$/i.test(target);
  const place = resolve(target);
  const isThere = existsSync(place) && !(statSync(place).isDirectory() && readdirSync(place).length === 0);
  if (isThere || (isOneFile && existsSync(place)))
    throw new UserError(`${target} is there already`, { hint: 'name a new folder or file' });
  const temporary = join(dirname(place), `.${basename(place)}.export-${process.pid}`);
  let rows = 0;
  try {
    const sink = isOneFile ? oneFile(temporary, format, fields) : manyFiles(temporary, format, fields);
    for (let i = 0; i < names.length; i += atOnce) {
      const part = new Map(names.slice(i, i + atOnce).map((name) => [name, spans.get(name)!]));
      const panel = await data.features({ instruments: part, fields: specs, start, end, freq });
      rows += panel.length;
      await sink.write(panel);
    }
    await sink.end();
    renameSync(temporary, place);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR' || code === 'EISDIR')
      throw new UserError(`${target} is there already`, { hint: 'name a new folder or file' });
    throw error;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return { instruments: names.length, rows };
}

async function allFields(data: DataProvider, names: readonly string[], freq: string): Promise<string[]> {
  const usual = ['open', 'high', 'low', 'close', 'volume', 'factor', 'change'];
  const found = new Set<string>();
  for (const name of names) for (const field of await data.fields(name, freq)) found.add(field);
  return [...usual.filter((f) => found.has(f)), ...[...found].filter((f) => !usual.includes(f)).sort()];
}

interface Sink {
  write(panel: Panel): void | Promise<void>;
  end(): void | Promise<void>;
}

/** Rows of each instrument, in the order of time. */
function rowsByInstrument({ index }: Panel): Map<string, { rows: number[]; times: number[] }> {
  const found = new Map<string, { rows: number[]; times: number[] }>();
  for (let t = 0; t < index.times.length; t++)
    for (let row = index.offsets[t]!; row < index.offsets[t + 1]!; row++) {
      const name = index.instruments[index.codes[row]!]!;
      let own = found.get(name);
      if (!own) found.set(name, (own = { rows: [], times: [] }));
      own.rows.push(row);
      own.times.push(index.times[t]!);
    }
  return found;
}

function csvLines(panel: Panel, rows: readonly number[], times: readonly number[], prefix: string): string {
  return rows
    .map((row, i) => {
      const cells = panel.columns.map((c) => float32Text(c.values[c.rows ? c.rows[row]! : row]!));
      return `${prefix}${formatTime(times[i]!)},${cells.join(',')}\n`;
    })
    .join('');
}

const csvCell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function manyFiles(folder: string, format: 'csv' | 'parquet', fields: readonly string[]): Sink {
  makeFolder(folder);
  return {
    async write(panel) {
      for (const [name, { rows, times }] of rowsByInstrument(panel)) {
        const file = join(folder, `${name}.${format}`);
        if (format === 'csv')
          writeFileSync(file, `date,${fields.map(csvCell).join(',')}\n${csvLines(panel, rows, times, '')}`);
        else await writeParquet(file, fields, [{ panel, name, rows, times }], false);
      }
    },
    end() {},
  };
}

function oneFile(file: string, format: 'csv' | 'parquet', fields: readonly string[]): Sink {
  makeFolder(dirname(file));
  if (format === 'parquet') {
    const parts: ParquetPart[] = [];
    return {
      write(panel) {
        for (const [name, own] of rowsByInstrument(panel)) parts.push({ panel, name, ...own });
      },
      end: () => writeParquet(file, fields, parts, true),
    };
  }
  const opened = openSync(file, 'w');
  writeSync(opened, `symbol,date,${fields.map(csvCell).join(',')}\n`);
  return {
    write(panel) {
      for (const [name, { rows, times }] of rowsByInstrument(panel))
        writeSync(opened, csvLines(panel, rows, times, `${csvCell(name)},`));
    },
    end: () => closeSync(opened),
  };
}

interface ParquetPart {
  readonly panel: Panel;
  readonly name: string;
  readonly rows: readonly number[];
  readonly times: readonly number[];
}

async function writeParquet(
  file: string,
  fields: readonly string[],
  parts: readonly ParquetPart[],
  withSymbol: boolean,
): Promise<void> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const length = parts.reduce((sum, part) => sum + part.rows.length, 0);
  const columns = fields.map(() => new Float32Array(length));
  const symbols: string[] = [];
  const dates: Date[] = [];
  let at = 0;
  for (const { panel, name, rows, times } of parts)
    for (const [i, row] of rows.entries()) {
      panel.columns.forEach((c, k) => {
        columns[k]![at] = c.values[c.rows ? c.rows[row]! : row]!;
      });
      symbols.push(name);
      dates.push(new Date(times[i]!));
      at++;
    }
  const buffer = parquetWriteBuffer({
    columnData: [
      ...(withSymbol ? [{ name: 'symbol', data: symbols, type: 'STRING' as const }] : []),
      { name: 'date', data: dates, type: 'TIMESTAMP' as const },
      ...fields.map((name, k) => ({ name, data: columns[k]!, type: 'FLOAT' as const })),
    ],
  });
  writeFileSync(file, new Uint8Array(buffer));
}
