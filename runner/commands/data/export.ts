import { parseTime, type Time } from '../../../components/core/dates.ts';
import { UserError } from '../../../components/core/errors.ts';
import { WorkerPool } from '../../../components/core/workers.ts';
import { exportData } from '../../../components/data/export/export-data.ts';
import { openData } from '../../../components/data/folder-provider.ts';
import { reportError } from '../../report-error.ts';
import { splitList } from './split-list.ts';

export interface DataExportArguments {
  readonly folder: string;
  readonly target: string;
  /** A market, or names with commas. */
  readonly instruments?: string;
  readonly fields?: string;
  readonly start?: string;
  readonly end?: string;
  readonly freq: string;
  readonly format?: string;
  readonly threads?: number;
}

/** `qrun data export FOLDER TARGET`; returns the exit code. */
export async function dataExportCommand(given: DataExportArguments): Promise<number> {
  const pool = new WorkerPool(given.threads);
  try {
    const { folder, target, instruments = 'all', freq } = given;
    const format = given.format ?? (/\.parquet$/i.test(target) ? 'parquet' : 'csv');
    if (format !== 'csv' && format !== 'parquet')
      throw new UserError(`--format ${format}`, { hint: 'allowed: csv, parquet' });
    const data = openData(folder, { pool });
    const markets = await data.markets();
    const done = await exportData({
      ...{ data, target, format, freq },
      instruments: markets.includes(instruments) ? instruments : splitList(instruments),
      fields: given.fields === undefined ? null : fieldsOf(given.fields),
      start: timeOf('start', given.start),
      end: timeOf('end', given.end),
    });
    process.stdout.write(`${target}: ${done.instruments} instruments, ${done.rows} rows\n`);
    return 0;
  } catch (error) {
    return reportError(error, false);
  } finally {
    await pool.close();
  }
}

/** Names and expressions: commas inside of brackets belong to an expression. */
function fieldsOf(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let word = '';
  for (const c of text) {
    if (c === '(') depth++;
    if (c === ')') depth--;
    if (c === ',' && depth === 0) {
      found.push(word);
      word = '';
    } else word += c;
  }
  return [...found, word].map((w) => w.trim().replace(/^\$(\w+)$/, '$1')).filter((w) => w !== '');
}

function timeOf(name: string, text: string | undefined): Time | null {
  if (text === undefined) return null;
  const time = parseTime(text);
  if (time === undefined) throw new UserError(`--${name} ${text} is no date`, { hint: 'such as 2020-01-31' });
  return time;
}
