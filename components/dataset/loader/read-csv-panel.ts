import { readFileSync } from 'node:fs';
import { parseTime } from '../../core/dates.ts';
import { type KeyPath, UserError } from '../../core/errors.ts';
import { allocate, denseColumn, Panel, PanelIndex } from '../../core/panel.ts';
import { parseNumber } from '../../data/import/csv-cells.ts';

/**
 * A CSV file with the columns datetime and instrument (in this order) and numbers as a panel of float64 columns; empty cells are NaN, rows may
 * come in any order. pandas `read_csv(parse_dates=True, index_col=[0, 1]).sort_index()`.
 * @throws UserError naming the line of a bad row, or for a pair that comes twice.
 */
export function readCsvPanel(file: string, group: string | null, path: KeyPath = []): Panel {
  const text = readText(file, path);
  const [head = '', ...lines] = text.split(/\r?\n/);
  const names = head.split(',').slice(2);
  const bad = (line: number, what: string) =>
    new UserError(`${file}, line ${line + 2}: ${what}`, {
      hint: 'columns: datetime, instrument, then numbers',
      path,
    });
  const rows = lines.flatMap((line, at) => {
    if (line.trim() === '') return [];
    const [date = '', instrument = '', ...cells] = line.split(',');
    const time = parseTime(date);
    if (time === undefined) throw bad(at, `not a date: "${date}"`);
    if (cells.length !== names.length)
      throw bad(at, `${cells.length + 2} cells, the first line has ${names.length + 2}`);
    const values = cells.map((cell) => {
      const value = parseNumber(cell.trim());
      if (value === undefined) throw bad(at, `not a number: "${cell}"`);
      return value;
    });
    return [{ time, instrument, values, at }];
  });
  rows.sort(
    (a, b) => a.time - b.time || (a.instrument < b.instrument ? -1 : a.instrument > b.instrument ? 1 : 0),
  );
  const instruments = [...new Set(rows.map((r) => r.instrument))].sort();
  const codeOf = new Map(instruments.map((name, code) => [name, code]));
  const times: number[] = [];
  const offsets: number[] = [];
  rows.forEach(({ time, instrument, at }, row) => {
    const before = rows[row - 1];
    if (before?.time === time && before.instrument === instrument)
      throw bad(at, `${instrument} has this time already`);
    if (times.at(-1) === time) return;
    times.push(time);
    offsets.push(row);
  });
  const index = new PanelIndex(
    Float64Array.from(times),
    Int32Array.from([...offsets, rows.length]),
    instruments,
    Int32Array.from(rows, (r) => codeOf.get(r.instrument)!),
  );
  return new Panel(
    index,
    names.map((name, c) => {
      const values = allocate('f64', rows.length);
      rows.forEach((r, row) => {
        values[row] = r.values[c]!;
      });
      return denseColumn(group, name, values);
    }),
  );
}

function readText(file: string, path: KeyPath): string {
  if (!/\.csv$/i.test(file))
    throw new UserError(`can't load "${file}"`, { hint: 'a static loader reads .csv files', path });
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UserError(`can't read ${file}`, { hint: 'is the path right?', path, cause });
  }
}
