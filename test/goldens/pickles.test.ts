import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { formatTime } from '../../components/core/dates.ts';
import { PyObject, type PyTimestamp } from '../../components/core/python.ts';
import { type IndexLevel, rowCount, type SeriesTable, type Table } from '../../components/core/table.ts';
import { isTable } from '../../records/codec/tables.ts';
import { readPickle } from '../../records/pickle/reader.ts';
import { writePickle } from '../../records/pickle/writer.ts';
import { Difference, goldensRoot, readCsv, readJson, toNumber } from './support.ts';

const root = goldensRoot();
const records = root ? join(root, 'backtest', 'records') : '';
const files = records && existsSync(records) ? pickles(records) : [];

function pickles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? pickles(path) : entry.name.endsWith('.pkl') ? [path] : [];
  });
}

/** What the golden tree keeps of a pickle's content: a table, or positions and the accounts beside. */
function contentOf(file: string): { table?: string; accounts?: string } {
  const base = file.replace(`${'/'}pickles${'/'}`, '/csv/').replace(/\.pkl$/, '');
  const [table, accounts] = [`${base}.csv.gz`, `${base}.accounts.json`];
  return { ...(existsSync(table) ? { table } : {}), ...(existsSync(accounts) ? { accounts } : {}) };
}

function labelAt({ codes, values, dtype }: IndexLevel, r: number): string {
  const value: unknown = values[codes ? codes[r]! : r];
  return dtype === 'datetime64[ns]' ? formatTime(value as number) : String(value);
}

function compareTable(table: Table | SeriesTable, csv: string): void {
  const { header, rows } = readCsv(csv);
  const columns =
    table.kind === 'frame' ? table.columns : [{ label: 'value', dtype: table.dtype, values: table.values }];
  const levels = table.index.length;
  expect(header.length).toBe(levels + columns.length);
  if (table.kind === 'frame') expect(columns.map((c) => c.label)).toEqual(header.slice(levels));
  expect(table.index.map((l) => l.name ?? '')).toEqual(header.slice(0, levels));
  expect(rowCount(table)).toBe(rows.length);
  const difference = new Difference(1e-15);
  rows.forEach((row, r) => {
    expect(table.index.map((level) => labelAt(level, r))).toEqual(row.slice(0, levels));
    columns.forEach(({ label, values }, c) => {
      difference.add(
        Number(values[r]),
        toNumber(row[levels + c]),
        () => `${String(label)} of ${row.slice(0, levels).join(' ')}`,
      );
    });
  });
  difference.check();
}

function comparePositions(value: unknown, { table, accounts }: { table?: string; accounts?: string }): void {
  const { header, rows } = readCsv(table!);
  const days = readJson<Record<string, unknown>[]>(accounts!);
  const difference = new Difference(1e-15);
  const map = value as Map<PyTimestamp, PyObject>;
  expect([...map.keys()].map((t) => formatTime(t.time))).toEqual(
    days.map((d) => String(d['datetime']).slice(0, 10)),
  );
  const held: string[] = [];
  [...map].forEach(([{ time }, object], i) => {
    expect(object).toBeInstanceOf(PyObject);
    const position = object.state.get('position') as Map<string, unknown>;
    const day = formatTime(time);
    for (const key of ['cash', 'now_account_value'])
      difference.add(Number(position.get(key)), toNumber(days[i]![key]), `${key} ${day}`);
    difference.add(
      Number(object.state.get('init_cash')),
      toNumber(days[i]!['init_cash']),
      `init_cash ${day}`,
    );
    for (const [instrument, stock] of position) if (stock instanceof Map) held.push(`${day} ${instrument}`);
  });
  expect(held.sort()).toEqual(rows.map((r) => `${r[0]} ${r[1]}`).sort());
  const byDay = new Map(
    [...map].map(([{ time }, o]) => [
      formatTime(time),
      o.state.get('position') as Map<string, Map<string, number>>,
    ]),
  );
  for (const row of rows) {
    const stock = byDay.get(row[0]!)!.get(row[1]!)!;
    header.slice(2).forEach((field, c) => {
      difference.add(
        stock.get(field) ?? Number.NaN,
        toNumber(row[2 + c]),
        () => `${field} of ${row[1]} on ${row[0]}`,
      );
    });
  }
  difference.check();
}

describe.skipIf(files.length === 0)('pickles that qlib wrote (skipped without the golden tree)', () => {
  for (const file of files)
    it(relative(records, file), () => {
      const bytes = readFileSync(file);
      const type = /golden_model/.test(bytes.toString('latin1'));
      // the model class of the script that made the goldens is no class of qlib's
      if (type)
        return expect(() => readPickle(bytes)).toThrow(/^refused: global golden_model\.\w+ at byte \d+/);
      const value = readPickle(bytes);
      const content = contentOf(file);
      if (content.accounts) comparePositions(value, content);
      else if (content.table) {
        if (!isTable(value)) throw new Error(`no table: ${typeof value}`);
        compareTable(value, content.table);
      } else
        expect(
          isTable(value) || value instanceof PyObject || value instanceof Map || typeof value === 'string',
        ).toBe(true);
      return undefined;
    });
});

const python = process.env['PEER'] || '/work/peer/qlib/bin/python';

describe.skipIf(files.length === 0 || !existsSync(python))(
  'our pickles of the same values (skipped without PEER, a Python with qlib)',
  () => {
    it('are equal to the originals for Python', () => {
      const folder = mkdtempSync(join(tmpdir(), 'qrun-pickles-'));
      const script = join(dirname(fileURLToPath(import.meta.url)), '..', 'parity', 'equal_pickles.py');
      try {
        const pairs = files
          .filter((file) => !/golden_model/.test(readFileSync(file).toString('latin1')))
          .flatMap((file, i) => {
            const ours = join(folder, `${i}.pkl`);
            writeFileSync(ours, writePickle(readPickle(readFileSync(file))));
            return [file, ours];
          });
        const { stdout, stderr } = spawnSync(python, [script, ...pairs], { encoding: 'utf8', cwd: folder });
        const lines = stdout.trim().split('\n');
        expect(lines.length, stderr).toBe(pairs.length / 2);
        const different = lines.flatMap((line, i) =>
          line === 'equal' ? [] : [`${relative(records, pairs[2 * i]!)}: ${line}`],
        );
        expect(different).toEqual([]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  },
);
