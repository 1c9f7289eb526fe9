import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatTime, parseTime } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import type { Panel } from '../../components/core/panel.ts';
import { openData } from '../../components/data/folder-provider.ts';
import { DatasetH } from '../../components/dataset/dataset-h.ts';
import { ofInstruments } from '../../components/dataset/loader/static-loader.ts';
import { readStart } from '../../components/dataset/time-option.ts';
import { type FillType, TSDataSampler } from '../../components/dataset/ts-data-sampler.ts';
import type { TSDatasetH } from '../../components/dataset/ts-dataset-h.ts';
import type { DataHandler } from '../../components/dataset/types.ts';
import { testContext } from '../components/dataset/context.ts';
import { comparePanel, labelOf, readTable, type TableInfo } from './panels.ts';
import { Difference, goldensData, goldensRoot, readJson, toNumber } from './support.ts';

const folder = join(goldensRoot() ?? '', 'data', 'datasets');
const data = goldensData();
const there = existsSync(join(folder, 'prepare.json')) && data !== undefined;
const tolerance = { relative: 2e-6, absolute: 1e-9 };

interface Part {
  readonly shape: readonly number[];
  readonly column_levels: number | null;
  readonly first?: readonly [string, string];
  readonly last?: readonly [string, string];
  readonly table: TableInfo;
}

interface Prepare {
  readonly segments: Record<string, [string, string | null]>;
  readonly handler: { instruments: string[]; [key: string]: unknown };
  readonly cases: readonly { case: string; what: string; error: string | null; parts?: Part[] }[];
  readonly get_cols: Record<string, (string | string[])[]>;
  readonly min_time: string;
  readonly max_time: string;
  readonly max_time_with_open: string | null;
}

const golden = there ? readJson<Prepare>(join(folder, 'prepare.json')) : undefined;

/** The calls that the cases of prepare.json stand for, by case; `days` are trading days as text. */
function callOf(name: string, dataset: DatasetH, days: readonly string[], code: string) {
  const day = (i: number) => parseTime(days[i]!)!;
  const calls: Record<string, () => Promise<Panel | Panel[]>> = {
    name: () => dataset.prepare('valid'),
    name_learn: () => dataset.prepare('valid', { dataKey: 'learn' }),
    name_raw: () => dataset.prepare('valid', { dataKey: 'raw' }),
    names_list: () => dataset.prepare(['valid', 'test'], { colSet: ['feature', 'label'], dataKey: 'learn' }),
    names_tuple: () => dataset.prepare(['valid', 'test'], { colSet: 'label' }),
    open_end: () => dataset.prepare('open'),
    col_feature: () => dataset.prepare('test', { colSet: 'feature' }),
    col_raw: () => dataset.prepare('test', { colSet: '__raw' }),
    col_all: () => dataset.prepare('test', { colSet: '__all' }),
    col_list_one: () => dataset.prepare('test', { colSet: ['label'] }),
    col_order: () => dataset.prepare('test', { colSet: ['label', 'feature'] }),
    slice: () => dataset.prepare({ start: day(7), end: day(9) }),
    slice_open: () => dataset.prepare({ start: null, end: day(1) }),
    tuple_dates: () => dataset.prepare([days[7]!, days[9]!]),
    list_dates: () => dataset.prepare([days[7]!, days[9]!]),
    list_4dates: () => dataset.prepare([5, 6, 7, 9].map((i) => days[i]!)),
    one_day_str: () => dataset.prepare(days[7]!),
    one_day_ts: () => dataset.prepare({ start: day(7), end: day(7) }),
    month_str: () => dataset.prepare(days[7]!.slice(0, 7)),
    index: async () => {
      const all = await dataset.prepare({ start: null, end: null });
      return all.take(Uint32Array.of(0, 3, 17, 18));
    },
    empty: () => dataset.prepare({ start: parseTime('1980-01-01')!, end: parseTime('1980-02-01')! }),
    level_instrument: async () =>
      ofInstruments(await dataset.prepare({ start: null, end: null }), new Set([code])),
    squeeze: () => dataset.prepare('test', { colSet: 'label' }),
    fetch_kwargs: () => dataset.prepare('test', { colSet: 'label' }),
    bad_segment: () => dataset.prepare('nosuch'),
    bad_segments: () => dataset.prepare(['train', 'nosuch']),
    bad_col: () => dataset.prepare('test', { colSet: 'nosuch' }),
    bad_key: () => dataset.prepare('test', { dataKey: 'nosuch' as 'raw' }),
  };
  const call = calls[name];
  if (!call) throw new Error(`case ${name} is new: say here what it calls`);
  return call;
}

describe.skipIf(!there)('DatasetH (no goldens: set GOLDENS and GOLDENS_DATA)', () => {
  const context = there ? testContext(openData(data!)) : undefined!;
  let handler: DataHandler;
  let dataset: DatasetH;
  let days: string[];
  beforeAll(async () => {
    handler = await context.build('handler', { class: 'DataHandlerLP', kwargs: golden!.handler }, []);
    dataset = (await context.build(
      'dataset',
      { class: 'DatasetH', kwargs: { handler, segments: golden!.segments } },
      [],
    )) as DatasetH;
    const { index } = await handler.fetch({ start: null, end: null });
    days = Array.from(index.times, formatTime);
  });
  afterAll(() => context?.pool.close());

  for (const { case: name, error, parts } of golden?.cases ?? [])
    it(name, async () => {
      const call = callOf(name, dataset, days, golden!.handler.instruments[1]!);
      if (error !== null) return await expect(call()).rejects.toThrow(UserError);
      const made = await call();
      const panels = Array.isArray(made) ? made : [made];
      expect(panels.length).toBe(parts!.length);
      panels.forEach((panel, k) => {
        const part = parts![k]!;
        expect(panel.length).toBe(part.shape[0]);
        expect(panel.columns.length).toBe(part.shape[1] ?? 1);
        expect(panel.columns.every(({ group }) => (group === null) === (part.column_levels !== 2))).toBe(
          true,
        );
        comparePanel(panel, readTable(folder, part.table.file), tolerance, part.table.rows);
      });
    });

  for (const [set, columns] of Object.entries(golden?.get_cols ?? {}))
    it(`get_cols ${set}`, async () => {
      const labels = columns.map((label) => (typeof label === 'string' ? label : label.join('.')));
      expect((await handler.columns(set)).map(labelOf)).toEqual(labels);
    });

  it('min_time and max_time', () => {
    const { open: _, ...closed } = golden!.segments;
    const part = new DatasetH(handler, closed);
    expect(part.minTime()).toBe(readStart(golden!.min_time));
    expect(part.maxTime()).toBe(readStart(golden!.max_time));
    expect(dataset.maxTime()).toBe(readStart(golden!.max_time_with_open));
  });
});

interface TSCase {
  readonly case: string;
  readonly step_len: number;
  readonly fillna_type: FillType;
  readonly flt_col: string | null;
  readonly len: number;
  readonly data_arr_shape: readonly [number, number];
  readonly dtype: string;
  readonly index_map: TableInfo;
  readonly idx_df: { dates_first_last: [string, string]; rows: number; columns: string[] };
  readonly samples: readonly {
    i: number;
    datetime: string;
    instrument: string;
    rows_of_data_arr: unknown[];
    values: unknown[][];
  }[];
  readonly by_key: readonly { datetime: string; instrument: string; values: unknown[][] }[];
  readonly batch_0_2: { shape: number[]; values: unknown[][][] };
}

interface TS {
  readonly cases: readonly TSCase[];
  readonly errors: readonly { what: string; error: string | null; value?: unknown }[];
}

describe.skipIf(!there)('TSDatasetH (no goldens: set GOLDENS and GOLDENS_DATA)', () => {
  const context = there ? testContext(openData(data!)) : undefined!;
  const ts = there ? readJson<TS>(join(folder, 'ts.json')) : undefined;
  let handler: DataHandler;
  beforeAll(async () => {
    handler = await context.build('handler', { class: 'DataHandlerLP', kwargs: golden!.handler }, []);
  });
  afterAll(() => context?.pool.close());

  const open = async (kwargs: object = {}) =>
    (await context.build(
      'dataset',
      { class: 'TSDatasetH', kwargs: { handler, segments: golden!.segments, ...kwargs } },
      [],
    )) as TSDatasetH;

  for (const golden of ts?.cases ?? [])
    it(golden.case, async () => {
      const dataset = await open({ step_len: golden.step_len, flt_col: golden.flt_col });
      const sampler = await dataset.samples('valid', {
        colSet: ['feature', 'label'],
        dataKey: 'infer',
        fillType: golden.fillna_type,
      });
      expect(sampler.length).toBe(golden.len);
      expect(sampler.values.length).toBe(golden.data_arr_shape[0] * golden.data_arr_shape[1]);
      expect(sampler.values instanceof Float32Array ? 'float32' : 'float64').toBe(golden.dtype);
      expect(sampler.instruments).toEqual(golden.idx_df.columns);
      expect([sampler.times[0]!, sampler.times.at(-1)!].map(formatTime)).toEqual(
        golden.idx_df.dates_first_last,
      );
      readTable(folder, golden.index_map.file).rows.forEach(({ time, instrument, cells }, i) => {
        expect(sampler.key(i)).toEqual({ time, instrument });
        expect([sampler.timeOf[i], sampler.instrumentOf[i]]).toEqual(cells.map(Number));
      });
      const difference = new Difference(tolerance.relative, tolerance.absolute);
      const compare = (ours: ArrayLike<number>, theirs: unknown[], where: string) => {
        expect(ours.length).toBe(theirs.length);
        theirs.forEach((x, k) => {
          difference.add(ours[k]!, toNumber(x), where);
        });
      };
      const missing = golden.data_arr_shape[0] - 1;
      for (const s of golden.samples) {
        expect(sampler.key(s.i)).toEqual({ time: parseTime(s.datetime), instrument: s.instrument });
        const rows = sampler.rowsAt(sampler.timeOf[s.i]!, sampler.instrumentOf[s.i]!);
        expect(Array.from(rows)).toEqual(s.rows_of_data_arr.map((row) => (row === null ? missing : row)));
        compare(sampler.sample(s.i), s.values.flat(), `sample ${s.i}`);
      }
      for (const { datetime, instrument, values } of golden.by_key)
        compare(sampler.at(parseTime(datetime)!, instrument), values.flat(), `${datetime} ${instrument}`);
      compare(sampler.batch([0, 2]), golden.batch_0_2.values.flat(2), 'batch of 0 and 2');
      difference.check();
    });

  /** What the entries of `errors` call. */
  const calls: Record<string, () => Promise<unknown>> = {
    'sampler[len]': async () => (await five()).sample((await five()).length),
    'sampler[-1]': async () => (await five()).sample(-1),
    "sampler['x']": async () => (await five()).sample('x' as never),
    "sampler['2000-01-01', unknown code]": async () => (await five()).at(parseTime('2000-01-01')!, 'ZZZZZZ'),
    'prepare of an unknown segment': async () => (await open()).samples('nosuch'),
    'two filter columns': async () => (await open({ flt_col: 'feature' })).samples('valid'),
    'segments list': async () => {
      const dataset = await open({ step_len: 5 });
      return [(await dataset.samples('train')).length, (await dataset.samples('test')).length];
    },
    'sampler with start=None': async () => {
      const { index } = await handler.fetch({ start: null, end: null });
      const panel = await handler.fetch({ start: null, end: index.times[9]! }, { colSet: 'feature' });
      return new TSDataSampler(panel, { start: null, end: null }, { stepLen: 5 }).length;
    },
  };
  const five = async () =>
    (await open({ step_len: 5 })).samples('valid', { colSet: 'feature', dataKey: 'infer' });
  for (const { what, error, value } of ts?.errors ?? [])
    it(what, async () => {
      const call = calls[what];
      if (!call) throw new Error(`case ${what} is new: say here what it calls`);
      if (error !== null) await expect(call()).rejects.toThrow();
      else expect(await call()).toEqual(value);
    });
});
