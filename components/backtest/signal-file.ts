import { readFile } from 'node:fs/promises';
import { parseTime } from '../core/dates.ts';
import { type KeyPath, UserError } from '../core/errors.ts';
import type { Panel } from '../core/panel.ts';
import { tableToPanel } from './signal-table.ts';

/**
 * Scores from a CSV file whose first line names the columns: datetime, instrument and one of score.
 * @throws UserError naming the file and line at fault
 */
export async function readSignalFile(file: string, path: KeyPath): Promise<Panel> {
  const { header, rows } = await readCsvFile(file, path);
  const at = (name: string) => header.indexOf(name);
  const score = header.findIndex((name) => name !== 'datetime' && name !== 'instrument');
  if (at('datetime') < 0 || at('instrument') < 0 || score < 0)
    throw new UserError(`${file} has the columns ${header.join(', ')}`, {
      hint: 'datetime, instrument and score are needed',
      path,
    });
  const times = rows.map((cells, i) => {
    const time = parseTime(cells[at('datetime')] ?? '');
    if (time === undefined)
      throw new UserError(`${file}:${i + 2}: "${cells[at('datetime')] ?? ''}" is no date`, { path });
    return time;
  });
  return tableToPanel({
    kind: 'series',
    name: header[score]!,
    dtype: 'float64',
    index: [
      { name: 'datetime', dtype: 'datetime64[ns]', values: Float64Array.from(times), codes: null },
      {
        name: 'instrument',
        dtype: 'object',
        values: rows.map((cells) => cells[at('instrument')] ?? ''),
        codes: null,
      },
    ],
    values: Float64Array.from(rows, (cells) => {
      const text = cells[score]?.trim() ?? '';
      return text === '' ? Number.NaN : Number(text);
    }),
  });
}

/** Cells of a CSV file without quoted cells, spaces around them cut off. */
export async function readCsvFile(
  file: string,
  path: KeyPath,
): Promise<{ header: string[]; rows: string[][] }> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new UserError(`${file} can't be read`, { path, cause });
  }
  const [header = [], ...rows] = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(',').map((cell) => cell.trim()));
  return { header, rows };
}
