import { formatTime } from '../../../components/core/dates.ts';
import { UserError } from '../../../components/core/errors.ts';
import { WorkerPool } from '../../../components/core/workers.ts';
import { importData } from '../../../components/data/import/import-data.ts';
import { importPit } from '../../../components/data/import/import-pit.ts';
import type { FactorRule } from '../../../components/data/import/options.ts';
import { reportError } from '../../report-error.ts';
import { splitList } from './split-list.ts';

export interface DataImportArguments {
  readonly source: string;
  readonly folder: string;
  readonly fields?: string;
  readonly exclude?: string;
  readonly dateField?: string;
  readonly symbolField?: string;
  readonly map?: string;
  readonly factor?: string;
  readonly delimiter?: string;
  readonly duplicates?: string;
  readonly freq?: string;
  /** The source holds point-in-time fields. */
  readonly pit?: boolean;
  readonly update?: boolean;
  readonly overwrite?: boolean;
  readonly threads?: number;
  readonly debug?: boolean;
}

/** `qrun data import SOURCE FOLDER`: makes or updates a data folder; returns the exit code. */
export async function dataImportCommand(given: DataImportArguments): Promise<number> {
  if (given.pit) return importPointInTime(given);
  const pool = new WorkerPool(given.threads);
  try {
    const { source, folder, freq = 'day', duplicates = 'error', delimiter = null, update, overwrite } = given;
    if (duplicates !== 'error' && duplicates !== 'first' && duplicates !== 'last')
      throw new UserError(`--duplicates ${duplicates}`, { hint: 'allowed: error, first, last' });
    if (update && overwrite) throw new UserError('--update and --overwrite exclude each other');
    const isShown = process.stderr.isTTY === true;
    const start = performance.now();
    const made = await importData({
      source,
      folder,
      freq,
      fields: given.fields === undefined ? null : lower(splitList(given.fields)),
      excluded: lower(splitList(given.exclude ?? '')),
      dateField: given.dateField?.toLowerCase() ?? null,
      symbolField: given.symbolField?.toLowerCase() ?? null,
      renamed: renamesOf(given.map),
      factor: factorOf(given.factor),
      delimiter: delimiter === '\\t' || delimiter === 'tab' ? '\t' : delimiter,
      duplicates,
      update: update === true,
      overwrite: overwrite === true,
      pool,
      warn: (text) => void process.stderr.write(`warning: ${text}\n`),
      onProgress: (share) => {
        if (isShown) process.stderr.write(share < 1 ? `\r${Math.floor(share * 100)} %` : '\r\x1b[K');
      },
    });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    process.stdout.write(
      `${folder}: ${made.instruments} instruments from ${made.files} files, ${made.times} ${freq === 'day' ? 'days' : 'times'} ${formatTime(made.first)} to ${formatTime(made.last)}${update ? ` (${made.newTimes} new)` : ''}, fields ${made.fields.join(' ')}, ${made.values} values in ${seconds} s\n`,
    );
    return 0;
  } catch (error) {
    return reportError(error, given.debug === true);
  } finally {
    await pool.close();
  }
}

/** `qrun data import --pit`. */
async function importPointInTime(given: DataImportArguments): Promise<number> {
  try {
    const { source, folder, freq = 'quarterly', delimiter = null, update = false, overwrite = false } = given;
    if (freq !== 'quarterly' && freq !== 'annual')
      throw new UserError(`--freq ${freq}`, { hint: 'with --pit: quarterly or annual' });
    const not = ['fields', 'exclude', 'dateField', 'symbolField', 'factor', 'duplicates'] as const;
    const useless = not.find((key) => given[key] !== undefined);
    if (useless)
      throw new UserError(
        `--${useless.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} has no meaning with --pit`,
        {
          hint: 'a row has date, period, field, value and, where a file is not one an instrument, symbol; --map renames columns',
        },
      );
    if (update && overwrite) throw new UserError('--update and --overwrite exclude each other');
    const made = await importPit({
      ...{ source, folder, update, overwrite },
      isQuarterly: freq === 'quarterly',
      renamed: renamesOf(given.map),
      delimiter: delimiter === '\\t' || delimiter === 'tab' ? '\t' : delimiter,
    });
    process.stdout.write(
      `${folder}: ${made.records} point-in-time values of ${made.instruments} instruments from ${made.files} files, fields ${made.fields.map((name) => `$$${name}`).join(' ')}\n`,
    );
    return 0;
  } catch (error) {
    return reportError(error, given.debug === true);
  }
}

const lower = (names: readonly string[]) => names.map((name) => name.toLowerCase().replace(/^\$/, ''));

function renamesOf(text: string | undefined): Record<string, string> {
  return Object.fromEntries(
    lower(splitList(text ?? '')).map((pair) => {
      const [from = '', to = '', ...more] = pair.split('=').map((word) => word.trim());
      if (from === '' || to === '' || more.length > 0)
        throw new UserError(`--map ${pair}`, { hint: 'such as --map timestamp=date,adj_close=close' });
      return [from, to];
    }),
  );
}

function factorOf(text: string | undefined): FactorRule | null {
  if (text === undefined) return null;
  const [numerator = '', denominator = null, ...more] = lower(text.split('/')).map((word) => word.trim());
  if (numerator === '' || denominator === '' || more.length > 0)
    throw new UserError(`--factor ${text}`, {
      hint: 'a column, or one divided by another: --factor adjusted_close/close',
    });
  return { numerator, denominator };
}
