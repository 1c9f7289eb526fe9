import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatTime, parseTime, type Time } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import type { Panel } from '../../components/core/panel.ts';
import { applyFilters } from '../../components/data/filters.ts';
import { openData } from '../../components/data/folder-provider.ts';
import type { InstrumentSpans, InstrumentsSpec } from '../../components/data/provider.ts';
import { Difference, goldensData, goldensRoot, readCsv, readJson, toNumber } from './support.ts';

type Spans = Readonly<Record<string, readonly (readonly [string, string])[]>>;

interface CalendarCase {
  readonly start_time?: string | null;
  readonly end_time?: string | null;
  readonly freq?: string;
  readonly future?: boolean;
  readonly error: string | null;
  readonly len?: number;
  readonly days?: readonly string[];
}
interface InstrumentsCase {
  readonly what: string;
  readonly error: string | null;
  readonly len: number | null;
  readonly value?: unknown;
}
interface FilterCase {
  readonly case: string;
  readonly market: string;
  readonly start_time: string | null;
  readonly end_time: string | null;
  readonly config?: { readonly market: string; readonly filter_pipe: readonly unknown[] };
  readonly error: string | null;
  readonly count?: number;
  readonly spans?: Spans;
}
interface DirectFilter {
  readonly case: string;
  readonly config: unknown;
  readonly input: Spans;
  readonly start: string;
  readonly end: string;
  readonly spans: Spans;
}
interface FeaturesCase {
  readonly case: string;
  readonly error: string | null;
  readonly shape?: readonly [number, number];
  readonly columns?: readonly string[];
  readonly first?: readonly [string, string];
  readonly last?: readonly [string, string];
  readonly rows_per_instrument?: Readonly<Record<string, number>> | null;
  readonly table?: { readonly file: string };
}

const root = goldensRoot();
const folder = root ? join(root, 'data', 'datasets') : '';
const provider = goldensData();

const timeOf = (text: string | null | undefined): Time | null =>
  !text || text === 'None' ? null : (parseTime(text.replaceAll('/', '-')) ?? Number.NaN);
const plain = (spans: InstrumentSpans): Spans =>
  Object.fromEntries(
    [...spans].map(([name, own]) => [
      name,
      own.map((s) => [formatTime(s.start), formatTime(s.end)] as const),
    ]),
  );

describe.skipIf(!root || !provider || !existsSync(folder))(
  'data access against qlib (skipped without goldens)',
  () => {
    const data = openData(provider!);

    for (const [i, c] of readJson<CalendarCase[]>(join(folder, 'calendar.json')).entries()) {
      const { start_time, end_time, freq, future } = c;
      // a text that is no date never reaches the data layer
      if (c.error === 'DateParseError') continue;
      it(`has the calendar ${i} from ${start_time} to ${end_time} ${freq ?? ''}`, async () => {
        const asked = data.calendar({
          start: timeOf(start_time),
          end: timeOf(end_time),
          ...(freq ? { freq } : {}),
          ...(future ? { future } : {}),
        });
        if (c.error) return await expect(asked).rejects.toBeInstanceOf(UserError);
        const times = await asked;
        expect(times.length).toBe(c.len);
        const days = Array.from(times, formatTime);
        const { days: theirs = [] } = c;
        const gap = theirs.indexOf('...');
        expect(
          gap < 0
            ? days.slice(0, theirs.length)
            : [...days.slice(0, gap), '...', ...days.slice(gap + 1 - theirs.length)],
        ).toEqual(theirs);
      });
    }

    // The calls stand in the texts only; those that say their dates in words are found by their answers.
    const lists = readJson<InstrumentsCase[]>(join(folder, 'instruments.json'));
    for (const [i, c] of lists.entries()) {
      const call = /^list_instruments\((\w+), late_start, late_end\)$/.exec(c.what);
      if (call) {
        const spans = c.value as Spans;
        const bounds = Object.values(spans).flat().flat().sort();
        it(`cuts the spans of ${i} ${c.what}`, async () => {
          const ours = await data.instruments(
            { market: call[1]! },
            { start: timeOf(bounds[0]), end: timeOf(bounds.at(-1)) },
          );
          expect(plain(ours)).toEqual(spans);
        });
      } else if (/^all, no times/.test(c.what))
        it(`lists ${i} ${c.what}`, async () => {
          const names = [...(await data.instruments('all')).keys()];
          expect(names.length).toBe(c.len);
          expect(names.slice(0, 10)).toEqual(c.value);
        });
      else if (/off-calendar bounds/.test(c.what))
        it(`keeps ${i} ${c.what}`, async () => {
          const spans = c.value as Spans;
          const [[from, to] = ['', '']] = Object.values(spans)[0] ?? [];
          const market = lists.map((x) => /list_instruments\((\w+),/.exec(x.what)?.[1]).find((m) => m)!;
          const ours = plain(await data.instruments(market, { start: timeOf(from), end: timeOf(to) }));
          for (const name of Object.keys(spans)) expect(ours[name]).toEqual(spans[name]);
        });
      else if (c.what === 'unknown market')
        it(`refuses ${i} ${c.what}`, () =>
          expect(data.instruments('nosuch')).rejects.toBeInstanceOf(UserError));
    }

    const filters = readJson<{ pipes: FilterCase[]; filters_called_directly: DirectFilter[] }>(
      join(folder, 'filters.json'),
    );
    for (const c of filters.pipes)
      it(`filters ${c.case}`, async () => {
        // qlib refuses a filter that is none before it writes a config
        const pipe = c.config?.filter_pipe ?? ['nosuch'];
        const asked = data.instruments(
          { market: c.market, filter_pipe: pipe },
          { start: timeOf(c.start_time), end: timeOf(c.end_time) },
        );
        if (c.error) return await expect(asked).rejects.toBeInstanceOf(UserError);
        const ours = plain(await asked);
        expect(Object.keys(ours).length).toBe(c.count);
        expect(ours).toEqual(c.spans);
      });
    for (const c of filters.filters_called_directly)
      it(`filters directly ${c.case}`, async () => {
        const input = new Map(
          Object.entries(c.input).map(([name, own]) => [
            name,
            own.map(([start, end]) => ({ start: timeOf(start)!, end: timeOf(end)! })),
          ]),
        );
        const ours = await applyFilters(data, [c.config], input, {
          start: timeOf(c.start)!,
          end: timeOf(c.end)!,
          freq: 'day',
        });
        expect(plain(ours)).toEqual(c.spans);
      });

    for (const c of readJson<FeaturesCase[]>(join(folder, 'features.json'))) {
      const ask = requestOf(c);
      if (!ask) {
        it.todo(`features ${c.case}: its call stands in no file of the tree`);
        continue;
      }
      it(`loads features ${c.case}`, async () => {
        const asked = data.features({
          ...ask,
          fields: (c.columns ?? ['$close']).map((name) => ({ group: null, name, expression: name })),
        });
        if (c.error) return await expect(asked).rejects.toBeInstanceOf(UserError);
        const panel = await asked;
        expect([panel.length, panel.columns.length]).toEqual(c.shape);
        if (c.rows_per_instrument) expect(rowsPerInstrument(panel)).toEqual(c.rows_per_instrument);
        if (c.table) compare(panel, join(folder, c.table.file));
      });
    }
  },
);

/** The call of a case as far as its answer and the other cases tell it. */
function requestOf(
  c: FeaturesCase,
): { instruments: InstrumentsSpec; start: Time | null; end: Time | null } | undefined {
  const cases = readJson<FeaturesCase[]>(join(folder, 'features.json'));
  const market = readJson<{ pipes: FilterCase[] }>(join(folder, 'filters.json')).pipes[0]!.market;
  const [days, names] = c.table ? labels(c) : [[], []];
  const start = timeOf(days[0] ?? c.first?.[1]);
  const end = timeOf(days.at(-1) ?? c.last?.[1]);
  switch (c.case) {
    case 'unknown_market':
      return { instruments: 'nosuch', start, end };
    case 'no_times':
      return { instruments: [c.first![0]], start: null, end: null };
    case 'unknown_instrument_only':
      return { instruments: ['NOSUCHCODE'], start: null, end: null };
    case 'unknown_field_only': {
      const [, known] = labels(cases.find((other) => other.case === 'list')!);
      return { instruments: known, start: null, end: null };
    }
    case 'market_config':
    case 'market_config_whole_late_range':
      return { instruments: { market }, start, end };
    case 'dict_of_spans':
      return { instruments: new Map(names.map((name) => [name, spansIn(c, name)])), start, end: null };
    default:
      return c.table ? { instruments: names, start, end } : undefined;
  }
}

function labels(c: FeaturesCase): [days: string[], instruments: string[]] {
  const { rows } = readCsv(join(folder, c.table!.file));
  return [rows.map((row) => row[1]!).sort(), [...new Set(rows.map((row) => row[0]!))]];
}

/** The rows of an instrument as spans of one day each. */
function spansIn(c: FeaturesCase, name: string): { start: Time; end: Time }[] {
  const { rows } = readCsv(join(folder, c.table!.file));
  return rows
    .filter((row) => row[0] === name)
    .map((row) => ({ start: timeOf(row[1])!, end: timeOf(row[1])! }));
}

function rowsPerInstrument({ index }: Panel): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of index.codes)
    counts[index.instruments[code]!] = (counts[index.instruments[code]!] ?? 0) + 1;
  return counts;
}

function compare(panel: Panel, file: string): void {
  const { index, columns } = panel;
  const times = index.timeCodes();
  const rowOf = new Map(
    Array.from(index.codes, (code, row): [string, number] => [
      `${index.instruments[code]} ${formatTime(index.times[times[row]!]!)}`,
      row,
    ]),
  );
  const difference = new Difference(1e-6);
  for (const cells of readCsv(file).rows) {
    const key = `${cells[0]} ${cells[1]}`;
    const row = rowOf.get(key);
    if (row === undefined) throw new Error(`no row ${key}`);
    columns.forEach((column, c) => {
      difference.add(column.values[row]!, Math.fround(toNumber(cells[c + 2])), `${key} ${column.name}`);
    });
  }
  difference.check();
}
