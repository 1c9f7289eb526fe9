import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTime } from '../../components/core/dates.ts';
import { denseValues, type Panel } from '../../components/core/panel.ts';
import { openData } from '../../components/data/folder-provider.ts';
import type { FieldSpec } from '../../components/data/provider.ts';
import { closeLabel, vwapLabel } from '../../components/dataset/handler/alpha.ts';
import { type Alpha158Config, alpha158Features } from '../../components/dataset/handler/alpha158-features.ts';
import { alpha360Features } from '../../components/dataset/handler/alpha360-features.ts';
import type { DataHandlerLP } from '../../components/dataset/handler/data-handler-lp.ts';
import { ofInstruments } from '../../components/dataset/loader/static-loader.ts';
import { isColumnProcessor } from '../../components/dataset/processor/column-processor.ts';
import { testContext } from '../components/dataset/context.ts';
import { comparePanel, readTable, type TableInfo } from './panels.ts';
import { Difference, goldensData, goldensRoot, readJson, toNumber } from './support.ts';

const folder = join(goldensRoot() ?? '', 'data', 'handlers');
const data = goldensData();
const there = existsSync(join(folder, 'configs.json')) && data !== undefined;

interface FeatureList {
  readonly features: readonly { name: string; expr: string }[];
  readonly label: readonly { name: string; expr: string }[];
  readonly label_of_vwap_variant: readonly { name: string; expr: string }[];
}

interface Shape {
  readonly shape: readonly [number, number];
  readonly nan_per_row_mean: number;
  readonly all_nan_columns: readonly string[];
}

interface Configs {
  readonly base_kwargs: Record<string, unknown>;
  readonly cross_day: string;
  readonly sample: readonly string[];
  readonly windows: Record<string, readonly [string, string]>;
  readonly configs: Record<
    string,
    { class: string; extra_kwargs: object; tables: TableInfo[]; shapes: Record<string, Shape> }
  >;
}

/** float32 features agree to a few units in the last place; normalised ones by as much as they are stretched. */
const tolerance = { relative: 2e-6, absolute: 2e-6 };

const named = (fields: readonly FieldSpec[]) =>
  fields.map(({ name, expression }) => ({ name, expr: expression }));

describe.skipIf(!there)('Alpha158 and Alpha360 (no goldens: set GOLDENS and GOLDENS_DATA)', () => {
  const context = there ? testContext(openData(data!)) : undefined!;
  afterAll(() => context?.pool.close());

  it('alpha158_features', () => {
    const golden = readJson<FeatureList>(join(folder, 'alpha158_features.json'));
    expect(named(alpha158Features())).toEqual(golden.features);
    expect(closeLabel).toBe(golden.label[0]!.expr);
    expect(vwapLabel).toBe(golden.label_of_vwap_variant[0]!.expr);
  });

  it('alpha360_features', () => {
    const golden = readJson<FeatureList>(join(folder, 'alpha360_features.json'));
    expect(named(alpha360Features())).toEqual(golden.features);
    expect(closeLabel).toBe(golden.label[0]!.expr);
  });

  type Variants = Record<string, { config: Alpha158Config | null; features: unknown[] }>;
  const variants = there ? readJson<Variants>(join(folder, 'alpha158_config_variants.json')) : {};
  for (const [name, { config, features }] of Object.entries(variants))
    it(`variant: ${name}`, () => {
      expect(named(alpha158Features(config ?? undefined))).toEqual(features);
    });

  const all = there ? readJson<Configs>(join(folder, 'configs.json')) : undefined;
  for (const [id, config] of Object.entries(all?.configs ?? {}))
    describe(id, () => {
      let handler: DataHandlerLP;
      beforeAll(async () => {
        const kwargs = { ...all!.base_kwargs, ...config.extra_kwargs };
        handler = (await context.build('handler', { class: config.class, kwargs }, [])) as DataHandlerLP;
        await handler.setup();
      });

      for (const table of config.tables)
        it(table.file, async () => {
          const [, key, window] = table.file.split('.');
          const [start, end] = window === 'day' ? [all!.cross_day, all!.cross_day] : all!.windows[window!]!;
          const rows = await handler.fetch(
            { start: parseTime(start!)!, end: parseTime(end!)! },
            { colSet: '__raw', dataKey: key as 'raw' },
          );
          const part = window === 'day' ? rows : ofInstruments(rows, new Set(all!.sample));
          comparePanel(part, readTable(folder, table.file), tolerance, table.rows);
        });

      for (const [key, golden] of Object.entries(config.shapes))
        it(`shape of ${key}`, async () => {
          const panel = await handler.view(key as 'raw');
          expect([panel.length, panel.columns.length]).toEqual(golden.shape);
          expect(allMissing(panel)).toEqual(golden.all_nan_columns);
          expect(missingShare(panel)).toBeCloseTo(golden.nan_per_row_mean, 6);
        });

      const fitted = join(folder, `${id}.fitted.json`);
      if (existsSync(fitted)) it(`${id}.fitted.json`, () => compareFitted(handler, fitted));
    });

  it('label.csv.gz', async () => {
    const { header, rows } = readTable(folder, 'label.csv.gz');
    const difference = new Difference(tolerance.relative, tolerance.absolute);
    for (const [c, column] of header.entries()) {
      const [id, key] = column.split('.') as [string, 'raw' | 'learn'];
      const config = all!.configs[id]!;
      const kwargs = { ...all!.base_kwargs, ...config.extra_kwargs, infer_processors: [] };
      const handler = await context.build('handler', { class: config.class, kwargs }, []);
      const label = await handler.fetch({ start: null, end: null }, { colSet: 'label', dataKey: key });
      const values = denseValues(label.columns[0]!);
      const found = new Map<string, number>();
      label.index.timeCodes().forEach((t, row) => {
        found.set(
          `${label.index.times[t]} ${label.index.instruments[label.index.codes[row]!]}`,
          values[row]!,
        );
      });
      for (const { time, instrument, cells } of rows) {
        const ours = found.get(`${time} ${instrument}`) ?? Number.NaN;
        difference.add(ours, toNumber(cells[c]), `${column} ${time} ${instrument}`);
      }
    }
    difference.check(rows.length);
  });

  interface Vwap {
    readonly results: readonly {
      class: string;
      learn_processors: 'default' | [];
      error: string | null;
      raw_shape: number[];
      infer_shape: number[];
      learn_shape: number[];
      label_nan: number;
    }[];
  }
  const vwap = there ? readJson<Vwap>(join(folder, 'vwap.json')).results : [];
  for (const golden of vwap)
    it(`${golden.class} with learn_processors ${JSON.stringify(golden.learn_processors)}`, async () => {
      expect(golden.error).toBeNull();
      const [start, end] = all!.windows['w1']!;
      const kwargs = {
        instruments: all!.sample,
        start_time: start,
        end_time: end,
        fit_start_time: start,
        fit_end_time: end,
        ...(golden.learn_processors === 'default' ? {} : { learn_processors: [] }),
      };
      const handler = (await context.build('handler', { class: golden.class, kwargs }, [])) as DataHandlerLP;
      for (const key of ['raw', 'infer', 'learn'] as const) {
        const panel = await handler.view(key);
        expect([panel.length, panel.columns.length], key).toEqual(golden[`${key}_shape`]);
      }
      const label = (await handler.view('raw')).columns.at(-1)!;
      expect(denseValues(label).filter(Number.isNaN).length).toBe(golden.label_nan);
    });
});

function allMissing(panel: Panel): string[] {
  return panel.columns.filter((c) => denseValues(c).every(Number.isNaN)).map(({ name }) => name);
}

function missingShare(panel: Panel): number {
  let missing = 0;
  for (const column of panel.columns) for (const x of denseValues(column)) if (Number.isNaN(x)) missing++;
  return missing / panel.columns.length / panel.length;
}

interface Fitted {
  readonly where: 'infer_processors' | 'learn_processors';
  readonly class: string;
  readonly columns: readonly (string | string[])[];
  readonly mean_train: unknown[];
  readonly std_train: unknown[];
}

function compareFitted(handler: DataHandlerLP, file: string): void {
  const learned = [...handler.processors.infer, ...handler.processors.learn].flatMap((p) =>
    isColumnProcessor(p) && p.learned ? [p.learned] : [],
  );
  const goldens = readJson<Fitted[]>(file);
  expect(learned.length).toBe(goldens.length);
  const difference = new Difference(2e-6, 1e-9);
  goldens.forEach((golden, i) => {
    golden.columns.forEach((label, c) => {
      const key = typeof label === 'string' ? label : label.join('.');
      for (const name of ['mean_train', 'std_train'] as const)
        difference.add(learned[i]!.get(key)?.[name] ?? -1, toNumber(golden[name][c]), `${name} of ${key}`);
    });
  });
  difference.check(goldens[0]!.columns.length);
}
