import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { makeFolder } from '../../core/make-folder.ts';
import { type PitFiles, readPitField } from '../point-in-time/pit-field.ts';
import { type PitRecord, pitBytes } from '../point-in-time/write-pit.ts';
import { instrumentFolder } from './instrument-name.ts';
import { type PitReadOptions, type PitRows, readPitRows } from './read-pit-rows.ts';
import { sourceFiles } from './source-files.ts';
import { ImportTarget } from './target.ts';

export interface PitImportOptions extends PitReadOptions {
  readonly source: string;
  readonly folder: string;
  /** Adds later publications to fields that are there. */
  readonly update: boolean;
  /** Replaces fields that are there. */
  readonly overwrite: boolean;
}

export interface PitImportSummary {
  readonly files: number;
  readonly instruments: number;
  readonly fields: readonly string[];
  readonly records: number;
}

/**
 * Puts point-in-time fields into a data folder, `financial/<instrument>/<field>_q.data` and `.index`, as qlib's `dump_pit.py` does: records go by date,
 * those of one day by their order in the file. An update adds what was published after the last record of a field. All files are changed or none.
 * @throws UserError for what is wrong with the sources, and for fields that are there where neither update nor overwrite is asked for
 */
export async function importPit(options: PitImportOptions): Promise<PitImportSummary> {
  const { source, folder, update, overwrite, isQuarterly } = options;
  const files = sourceFiles(source);
  const rows: PitRows = new Map();
  for (const file of files) {
    if (/\.parquet$/i.test(file))
      throw new UserError(`${file}: point-in-time data is read from CSV files only`);
    await readPitRows(file, options, rows);
  }
  if (rows.size === 0) throw new UserError(`${source} has no rows to import`);
  makeFolder(folder);
  const target = ImportTarget.within(folder);
  const names = new Set<string>();
  const moves: string[] = [];
  let count = 0;
  try {
    for (const [instrument, fields] of rows) {
      const place = join('financial', instrumentFolder(instrument));
      makeFolder(join(target.work, place));
      for (const [field, records] of fields) {
        const name = `${field}_${isQuarterly ? 'q' : 'a'}`;
        const old = filesOf(join(folder, place), name);
        if (old && !(update || overwrite))
          throw new UserError(`${instrument} has the field $$${name} already`, {
            hint: '--update adds what was published later, --overwrite replaces it',
          });
        const before = old && update ? recordsOf(old, `${instrument} $$${name}`, isQuarterly) : [];
        const last = before.at(-1)?.date ?? 0;
        const later = records.filter(({ date }) => date > last).sort((a, b) => a.date - b.date);
        if (later.length === 0) continue;
        const { data, index } = pitBytes([...before, ...later], isQuarterly);
        names.add(name);
        count += later.length;
        for (const [ending, bytes] of [
          ['data', data],
          ['index', index],
        ] as const) {
          const path = join(place, `${name}.${ending}`);
          writeFileSync(join(target.work, path), bytes);
          moves.push(path);
        }
      }
    }
    target.commit(moves);
  } finally {
    target.discard();
  }
  return { files: files.length, instruments: rows.size, fields: [...names].sort(), records: count };
}

function filesOf(folder: string, name: string): PitFiles | null {
  if (!existsSync(folder)) return null;
  const there = readdirSync(folder);
  const find = (ending: string) => there.find((file) => file.toLowerCase() === `${name}.${ending}`);
  const [data, index] = [find('data'), find('index')];
  return data !== undefined && index !== undefined
    ? { data: join(folder, data), index: join(folder, index) }
    : null;
}

function recordsOf(files: PitFiles, what: string, isQuarterly: boolean): PitRecord[] {
  const { dates, periods, values } = readPitField(files, what, isQuarterly);
  return Array.from(dates, (date, r) => ({ date, period: periods[r]!, value: values[r]! }));
}
