import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseTime } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import { Panel } from '../../components/core/panel.ts';
import { openData } from '../../components/data/folder-provider.ts';
import { buildProcessors, DataHandlerLP } from '../../components/dataset/handler/data-handler-lp.ts';
import { staticLoader } from '../../components/dataset/loader/static-loader.ts';
import { columnKey, isColumnProcessor } from '../../components/dataset/processor/column-processor.ts';
import type { Processor } from '../../components/dataset/types.ts';
import { testContext } from '../components/dataset/context.ts';
import { comparePanel, labelOf, readPanel, readTable, type TableInfo } from './panels.ts';
import { Difference, goldensData, goldensRoot, readJson, toNumber } from './support.ts';

const folder = join(goldensRoot() ?? '', 'data', 'processors');
const there = existsSync(join(folder, 'cases.json'));

interface Case {
  readonly case: string;
  readonly class: string;
  readonly kwargs: Record<string, unknown>;
  readonly input: string;
  readonly dropped_first: readonly string[] | null;
  readonly single_level_columns: boolean;
  readonly processed_twice: boolean;
  readonly is_for_infer?: boolean;
  readonly fitted?: Record<string, unknown[]> | null;
  readonly dtypes_after?: Record<string, string>;
  readonly output?: TableInfo;
  readonly error: string | null;
}

/** The classes of errors by which qlib tells that the config is wrong; others are its own faults, where ours gives a result. */
const refusals = new Set(['KeyError', 'NotImplementedError', 'TypeError', 'ValueError', 'AssertionError']);

/** tanh is right to one unit in the last place of numpy's own float32 routine. */
const toleranceOf = (name: string) => ({ relative: name === 'TanhProcess' ? 1.3e-7 : 0, absolute: 0 });

function inputOf(golden: Case): Panel {
  const panel = readPanel(folder, golden.input, golden.input.includes('32') ? 'f32' : 'f64');
  const dropped = new Set(golden.dropped_first ?? []);
  const kept = panel.select(({ name }) => !dropped.has(name));
  return golden.single_level_columns
    ? kept.withColumns(kept.columns.map((c) => ({ ...c, group: null })))
    : kept;
}

/** A processor with its fit range known, as a handler makes sure of. */
async function processorOf(spec: unknown): Promise<Processor> {
  const { infer } = await buildProcessors({ infer_processors: [spec] }, testContext());
  return infer[0]!;
}

async function run(golden: Case): Promise<{ processor: Processor; panel: Panel }> {
  const input = inputOf(golden);
  const copies = input.columns.map((c) => c.values.slice());
  const processor = await processorOf({ class: golden.class, kwargs: golden.kwargs });
  await processor.fit?.(input);
  let panel = await processor.apply(input);
  if (golden.processed_twice) panel = await processor.apply(panel);
  input.columns.forEach((c, i) => {
    expect(c.values, 'the input must stay as it is').toEqual(copies[i]);
  });
  return { processor, panel };
}

describe.skipIf(!there)('processors (no goldens: set GOLDENS)', () => {
  const cases = there ? readJson<Case[]>(join(folder, 'cases.json')) : [];
  for (const golden of cases)
    it(golden.case, async () => {
      if (golden.error !== null) {
        if (refusals.has(golden.error)) return await expect(run(golden)).rejects.toThrow(UserError);
        const { panel } = await run(golden);
        expect(panel.columns.map(labelOf)).toEqual(inputOf(golden).columns.map(labelOf));
        return expect(panel.length).toBe(inputOf(golden).length);
      }
      const { processor, panel } = await run(golden);
      expect(processor.forInfer ?? true).toBe(golden.is_for_infer);
      for (const column of panel.columns) {
        const input = golden.input.includes('32') ? 'float32' : 'float64';
        const dtype = column.values instanceof Float32Array ? 'float32' : 'float64';
        expect(dtype, columnKey(column)).toBe(golden.dtypes_after?.[labelOf(column)] ?? input);
      }
      compareFitted(processor, golden);
      const table = readTable(folder, golden.output!.file);
      comparePanel(panel, table, toleranceOf(golden.class), table.rows.length);
    });
});

function compareFitted(processor: Processor, { fitted }: Case): void {
  if (!fitted) return;
  const learned = isColumnProcessor(processor) ? processor.learned : undefined;
  const difference = new Difference(0);
  (fitted['columns'] as (string | string[])[]).forEach((label, c) => {
    const key = typeof label === 'string' ? label : label.join('.');
    for (const name of ['min_val', 'max_val', 'mean_train', 'std_train']) {
      const theirs = fitted[name]?.[c];
      if (theirs === undefined) continue;
      const single = (fitted[`${name}.dtype`] as unknown) === 'float32';
      const value = toNumber(theirs);
      difference.add(learned?.get(key)?.[name] ?? -1, single ? Math.fround(value) : value, `${name} ${key}`);
    }
  });
  difference.check();
}

interface View {
  readonly rows?: number;
  readonly CONST?: number;
  readonly error?: string;
  readonly table?: TableInfo;
}

interface HandlerCase {
  readonly case: string;
  readonly calls: readonly { call: string; processor: string; CONST_seen: number; rows: number }[];
  readonly error: string | null;
  readonly raw?: View;
  readonly infer?: View;
  readonly learn?: View;
}

describe.skipIf(!there)('DataHandlerLP (no goldens: set GOLDENS)', () => {
  const cases = there ? readJson<HandlerCase[]>(join(folder, 'handlerlp.json')) : [];
  const dates = fitDates();
  for (const golden of cases)
    it(golden.case, async () => {
      const calls: unknown[] = [];
      const options = handlerOptions(golden.case, calls, dates);
      const open = async () => {
        const context = testContext();
        const panel = readPanel(folder, 'input64.csv.gz', 'f64');
        const processors = await buildProcessors(options.kwargs, context);
        const handler = new DataHandlerLP(
          staticLoader(panel),
          processors,
          options.kwargs,
          context,
          options.settings,
        );
        await handler.setup();
        return handler;
      };
      if (golden.error !== null) return await expect(open()).rejects.toThrow(UserError);
      const handler = await open();
      expect(calls).toEqual(golden.calls);
      for (const key of ['raw', 'infer', 'learn'] as const) {
        const theirs = golden[key]!;
        const fetched = handler.fetch({ start: null, end: null }, { colSet: '__raw', dataKey: key });
        if (theirs.error) {
          await expect(fetched).rejects.toThrow(UserError);
          continue;
        }
        const panel = await fetched;
        expect(panel.length).toBe(theirs.rows);
        const column = panel.columns.find((c) => c.name === 'CONST')!;
        expect(column.values[column.rows?.[0] ?? 0]).toBe(theirs.CONST);
        if (theirs.table)
          comparePanel(panel, readTable(folder, theirs.table.file), { relative: 0 }, panel.length);
      }
    });
});

interface TimeRange {
  readonly query: { instruments: string[]; start: string; end: string };
  readonly cases: readonly {
    start_time: string | null;
    end_time: string | null;
    rows_per_instrument: Record<string, number>;
  }[];
}

const data = goldensData();

describe.skipIf(!there || !data)('TimeRangeFlt (no goldens: set GOLDENS and GOLDENS_DATA)', () => {
  const golden = there ? readJson<TimeRange>(join(folder, 'timerange.json')) : undefined;
  const context = data ? testContext(openData(data)) : testContext();
  afterAll(() => context.pool.close());
  for (const { start_time, end_time, rows_per_instrument } of golden?.cases ?? [])
    it(`${start_time} to ${end_time}`, async () => {
      const { instruments, start, end } = golden!.query;
      const loader = await context.build(
        'loader',
        {
          class: 'QlibDataLoader',
          kwargs: {
            config: ['$close'],
            inst_processors: [{ class: 'TimeRangeFlt', kwargs: { start_time, end_time } }],
          },
        },
        [],
      );
      const panel = await loader.load(instruments, parseTime(start)!, parseTime(end)!);
      const counts: Record<string, number> = {};
      for (const code of panel.index.codes) {
        const name = panel.index.instruments[code]!;
        counts[name] = (counts[name] ?? 0) + 1;
      }
      expect(counts).toEqual(rows_per_instrument);
    });
});

/** The half range that the script which made the goldens fits on. */
function fitDates() {
  if (!there) return {};
  const cases = readJson<Case[]>(join(folder, 'cases.json'));
  const { fit_start_time, fit_end_time } = cases.find((c) => c.case.startsWith('ZScoreNorm_half'))!.kwargs;
  return { fit_start_time, fit_end_time };
}

/** What the cases of scripts/data/processors.py (`lpcase`) are made with: `handlerlp.json` keeps their names only. */
function handlerOptions(name: string, calls: unknown[], fit: Record<string, unknown>) {
  const spy = (processor: string, add: number, forInfer = true): Processor => {
    const log = (call: string, panel: Panel) =>
      calls.push({
        call,
        processor,
        CONST_seen: panel.columns.find((c) => c.name === 'CONST')!.values[0]!,
        rows: panel.length,
      });
    return {
      forInfer,
      fit: (panel) => void log('fit', panel),
      apply(panel) {
        log('process', panel);
        return new Panel(
          panel.index,
          panel.columns.map((c) => ({ ...c, values: c.values.map((x) => x + add) })),
        );
      },
    };
  };
  const spies = {
    shared_processors: [spy('shared1', 1)],
    infer_processors: [spy('infer1', 10), spy('infer2', 20)],
    learn_processors: [spy('learn1', 100), spy('learn2', 200)],
  };
  const linear = {
    infer_processors: [
      { class: 'RobustZScoreNorm', kwargs: { ...fit, fields_group: 'feature' } },
      { class: 'Fillna', kwargs: { fields_group: 'feature' } },
    ],
    learn_processors: ['DropnaLabel', { class: 'CSRankNorm', kwargs: { fields_group: 'label' } }],
  };
  const made: Record<string, { kwargs: object; settings?: object }> = {
    append: { kwargs: spies },
    independent: { kwargs: { ...spies, process_type: 'independent' } },
    append_drop_raw: { kwargs: { ...spies, drop_raw: true } },
    independent_drop_raw: { kwargs: { ...spies, drop_raw: true, process_type: 'independent' } },
    no_processors: { kwargs: {} },
    readonly: { kwargs: { infer_processors: [spy('ro', 1)], learn_processors: [spy('ro2', 2)] } },
    init_fit_ind: { kwargs: spies, settings: { initType: 'fit_ind' } },
    init_load_state: { kwargs: spies, settings: { initType: 'load_state' } },
    init_bad: { kwargs: spies, settings: { initType: 'nosuch' } },
    bad_process_type: { kwargs: { ...spies, process_type: 'nosuch' } },
    learn_only_in_infer: { kwargs: { infer_processors: [spy('notforinfer', 1, false)] } },
    learn_only_in_shared: { kwargs: { shared_processors: [spy('notforinfer', 1, false)] } },
    DropnaLabel_in_infer: { kwargs: { infer_processors: [{ class: 'DropnaLabel' }] } },
    unknown_class: { kwargs: { infer_processors: [{ class: 'NoSuchProcessor' }] } },
    string_config: { kwargs: { infer_processors: ['Fillna'] } },
    linear_append: { kwargs: linear },
    linear_independent: { kwargs: { ...linear, process_type: 'independent' } },
    zscore_after_fillna: {
      kwargs: {
        infer_processors: [
          { class: 'Fillna' },
          { class: 'ZScoreNorm', kwargs: { ...fit, fields_group: 'feature' } },
        ],
      },
    },
  };
  const found = made[name];
  if (!found) throw new Error(`case ${name} is new: say here how it is made`);
  return found as { kwargs: Record<string, never>; settings?: object };
}
