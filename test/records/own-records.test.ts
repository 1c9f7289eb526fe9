import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Position } from '../../components/backtest/position.ts';
import { type Context, regions } from '../../components/core/context.ts';
import { formatTime } from '../../components/core/dates.ts';
import type { UserError } from '../../components/core/errors.ts';
import { silentLog } from '../../components/core/log.ts';
import type { Panel } from '../../components/core/panel.ts';
import type { Table } from '../../components/core/table.ts';
import { WorkerPool } from '../../components/core/workers.ts';
import type { DataProvider } from '../../components/data/provider.ts';
import type { Dataset, Segment } from '../../components/dataset/types.ts';
import type { Model } from '../../components/model/model.ts';
import { AttributionRecord } from '../../records/attribution-record.ts';
import { decodeObject } from '../../records/codec/codec.ts';
import { HFSignalTestRecord } from '../../records/hf-signal-test-record.ts';
import { MultiSegRecord } from '../../records/multi-seg-record.ts';
import { positionsToPython } from '../../records/port-ana/position-to-python.ts';
import type { RecordContext } from '../../records/record.ts';
import { SignalMseRecord } from '../../records/signal-mse-record.ts';
import type { Recorder } from '../../records/tracking/recorder.ts';
import { market, scorePanel, weekdays } from '../components/backtest/market.ts';
import { newR } from './tracking/support.ts';

const days = weekdays('2020-01-02', 4);

async function contextOf(extra: Partial<RecordContext> = {}) {
  const { R } = newR();
  const experiment = await R.startExp({ experimentName: 'records' });
  const recorder: Recorder = experiment.activeRecorder!;
  const printed: string[] = [];
  const context: RecordContext = {
    region: regions['us']!,
    pool: new WorkerPool(1),
    log: silentLog,
    seed: 0,
    now: () => 0,
    blasThreads: 1,
    data: market(days, {}),
    build: (async (_kind: string, spec: unknown) => spec) as Context['build'],
    recorder,
    model: undefined,
    dataset: undefined,
    print: (text) => void printed.push(text),
    ...extra,
  };
  return { context, recorder, printed };
}

describe('SignalMseRecord', () => {
  it('leaves rows without a label out', async () => {
    const { context, recorder } = await contextOf();
    await recorder.saveObjects({
      'pred.pkl': scorePanel(days, { A: [1, 2, 3, 4], B: [1, 1, 1, 1] }),
      'label.pkl': scorePanel(days, { A: [1, 1, 1, Number.NaN], B: [1, 1, 3, 1] }),
    });
    await (await SignalMseRecord.create({}, context)).generate();
    // squared errors of A: 0, 1, 4; of B: 0, 0, 4, 0
    const metrics = await recorder.listMetrics();
    expect(metrics['MSE']).toBeCloseTo(9 / 7, 14);
    expect(metrics['RMSE']).toBeCloseTo(Math.sqrt(9 / 7), 14);
    expect(await recorder.listArtifacts('sig_analysis')).toEqual([
      'sig_analysis/mse.pkl',
      'sig_analysis/rmse.pkl',
    ]);
  });

  it('refuses scores that are NaN', async () => {
    const { context, recorder } = await contextOf();
    const panel = scorePanel(days, { A: [1, Number.NaN, 3, 4] });
    await recorder.saveObjects({ 'pred.pkl': panel, 'label.pkl': panel });
    await expect((await SignalMseRecord.create({}, context)).generate()).rejects.toThrow(
      'some scores in pred.pkl are NaN',
    );
  });
});

describe('MultiSegRecord', () => {
  const scores = scorePanel(days, { A: [1, 2, 3, 4], B: [2, 1, 5, 1], C: [3, 3, 3, 3] });
  const labels = scorePanel(days, { A: [1, 2, 3, 4], B: [2, 1, 5, 1], C: [3, 3, 3, -3] });
  const seen: (string | Segment)[] = [];
  const cut = (panel: Panel, segment: string | Segment) =>
    typeof segment === 'string' ? panel : panel.between(segment.start, segment.end);
  const model = {
    predict: async (_: Dataset, segment: string | Segment = 'test') => {
      seen.push(segment);
      return cut(scores, segment);
    },
  } as Partial<Model> as Model;
  const dataset = {
    segments: new Map([['test', { start: days[0]!, end: days[3]! }]]),
    prepare: async (segment: string | Segment) => cut(labels, segment),
  } as Partial<Dataset> as Dataset;

  it('saves the ICs of each segment', async () => {
    const { context, recorder, printed } = await contextOf({ model, dataset });
    const segments = { all: 'test', last: ['2020-01-07', '2020-01-07'] };
    await (await MultiSegRecord.create({ segments, save: true }, context)).generate();
    const all = (await recorder.loadObject('results-all.pkl')) as Map<string, unknown>;
    expect([...all.keys()]).toEqual(['all-IC', 'mean-IC', 'all-Rank-IC', 'mean-Rank-IC']);
    const ic = (all.get('all-IC') as Table & { values: Float64Array }).values;
    expect(Array.from(ic.subarray(0, 3), (x) => Math.round(x * 1e12) / 1e12)).toEqual([1, 1, 1]);
    const last = (await recorder.loadObject('results-last.pkl')) as Map<string, { values: Float64Array }>;
    expect(last.get('all-IC')!.values).toHaveLength(1);
    expect(printed).toContain('--- Results for all (test) ---');
  });

  it('takes all segments of the dataset and saves nothing, unless told', async () => {
    const { context, recorder, printed } = await contextOf({ model, dataset });
    seen.length = 0;
    await (await MultiSegRecord.create({}, context)).generate();
    expect(seen).toEqual(['test']);
    expect(printed[0]).toBe('--- Results for test (test) ---');
    expect(await recorder.listArtifacts()).toEqual([]);
  });

  it('says so where there is no model', async () => {
    const { context } = await contextOf({ dataset });
    await expect((await MultiSegRecord.create({}, context)).generate()).rejects.toThrow(
      'MultiSegRecord has no model',
    );
  });
});

describe('HFSignalTestRecord', () => {
  const names = Array.from({ length: 60 }, (_, i) => `I${String(i).padStart(2, '0')}`);
  const panel = (value: (day: number, i: number) => number) =>
    scorePanel(
      days,
      Object.fromEntries(names.map((name, i) => [name, [0, 1, 2, 3].map((d) => value(d, i))])),
    );
  const scores = panel((_, i) => i);
  // I59 has no feature on the first day: the top is I47 to I58
  const feature = panel((day, i) => (day === 0 && i === 59 ? Number.NaN : 1)).columns[0]!;
  const label = panel((_, i) => (i < 12 ? -2 : i >= 48 ? 2 : 0)).columns[0]!;
  const model = { predict: async () => scores } as Partial<Model> as Model;
  const dataset = {
    prepare: async () =>
      scores.withColumns([
        { ...feature, group: 'feature' },
        { ...label, group: 'label' },
      ]),
  } as Partial<Dataset> as Dataset;

  it('takes rows that lack nothing, and leaves small times out', async () => {
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
    const { context, recorder, printed } = await contextOf({ model, dataset, log });
    await (await HFSignalTestRecord.create({}, context)).generate();
    const metrics = await recorder.listMetrics();
    // 11 of 59 labels are 2 on the first day: the bottom is 11 instruments, the top 12, of which one has label 0, above the mean of -2 / 59
    expect(metrics['Negative precision']).toBe(1);
    expect(metrics['Positive precision']).toBe(1);
    expect(metrics['Positive average alpha']).toBeCloseTo((3 * 2 + 22 / 12 + 2 / 59) / 4, 6);
    expect(printed.join()).toContain("'Positive precision': 1.0");
    expect(warnings).toEqual([]);
    await (await HFSignalTestRecord.create({ threshold: 0.168 }, context)).generate();
    expect(warnings).toEqual([
      'HFSignalTestRecord: 1 of 4 times are left out, with fewer than 10 instruments in 0.168 of all',
    ]);
  });
});

describe('AttributionRecord', () => {
  const data: DataProvider = market(days, {
    A: { close: [10, 11, 12, 12] },
    B: { close: [10, 10, 9, 9] },
    C: { close: [20, 22, 22, 33] },
  });
  const held = (names: readonly string[]) =>
    new Position(
      100,
      names.map((name) => [name, { amount: 10, price: 10, weight: undefined, counts: {} }]),
    );
  const books = new Map([
    [days[0]!, held(['A', 'B'])],
    [days[1]!, held(['A'])],
    [days[2]!, held(['C'])],
  ]);

  async function attribute(options: Parameters<typeof AttributionRecord.create>[0]) {
    const loadFile = async (file: string) => decodeObject(file, readFileSync(file));
    const { context, recorder } = await contextOf({ data, loadFile });
    await recorder.saveObjects(
      { 'positions_normal_1day.pkl': positionsToPython(books) },
      'portfolio_analysis',
    );
    await (await AttributionRecord.create(options, context)).generate();
    const table = (await recorder.loadObject('portfolio_analysis/attribution_1day.pkl')) as Table;
    const groups = (await recorder.loadObject('portfolio_analysis/attribution_groups_1day.pkl')) as Table;
    const column = (t: Table, label: string) =>
      Array.from(t.columns.find((c) => c.label === label)!.values as ArrayLike<number>);
    return { table, groups, column, metrics: await recorder.listMetrics() };
  }

  it('takes the return above the members of a market apart', async () => {
    const { table, groups, column, metrics } = await attribute({ groups: { A: 'x', B: 'x', C: 'y' } });
    // benchmark: a third each. Day 1: A +10 %, B 0, C +10 %; day 2: A +1/11, B -10 %, C 0; day 3 is the last: no return
    const total = column(table, 'RTotal');
    expect(total[0]).toBeCloseTo(0.05 - 0.2 / 3, 12);
    expect(total[1]).toBeCloseTo(1 / 11 - (1 / 11 - 0.1) / 3, 12);
    expect(total[2]).toBe(0);
    // day 1: all in x (5 %), whose benchmark weight is 2/3, y makes 10 %
    expect(column(table, 'RAA')[0]).toBeCloseTo(0.05 - ((2 / 3) * 0.05 + (1 / 3) * 0.1), 12);
    expect(column(table, 'RSS')[0]).toBeCloseTo(0, 12);
    expect(groups.index[0]!.values).toEqual(['x', 'y']);
    expect(column(groups, 'weight')).toEqual([2 / 3, 1 / 3].map((w) => expect.closeTo(w, 12)));
    expect(column(groups, 'risk_share').reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(metrics['1day.attribution.RTotal']).toBeCloseTo(
      (total.reduce((a, b) => a + b, 0) / total.length) * 238,
      10,
    );
  });

  it('takes the weights of an index from a file, as they were published last', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'weights-')), 'weights.csv');
    // on the second day 60 % of A and 40 % of B; another index beside it
    const rows = [
      'code,date,index,weight',
      `A,${formatTime(days[0]!)},IDX,50`,
      `C,${formatTime(days[0]!)},IDX,50`,
      `A,${formatTime(days[1]!)},IDX,60`,
      `B,${formatTime(days[1]!)},IDX,40`,
      `B,${formatTime(days[0]!)},OTHER,100`,
    ];
    writeFileSync(file, rows.join('\n'));
    const groups = { A: 'x', B: 'x', C: 'y' };
    const { column, table } = await attribute({ groups, bench: 'IDX', bench_weights: file });
    // day 1: A and B, +5 %, less A and C, +10 %; day 2: A, +1/11, less 0.6 / 11 - 0.04; day 3 is the last: no return
    expect(column(table, 'RTotal')).toEqual(
      [0.05 - 0.1, 1 / 11 - (0.6 / 11 - 0.04), 0].map((x) => expect.closeTo(x, 12)),
    );
    await expect(attribute({ groups, bench: 'NONE', bench_weights: file })).rejects.toThrow(
      `has no weights of NONE\n  it has IDX, OTHER: bench names one of them`,
    );
  });

  it('makes groups of bins of a field', async () => {
    const { groups } = await attribute({ group_field: 'close', group_method: 'bins', group_n: 2 });
    expect(groups.index[0]!.values).toEqual(['1', '2']);
  });

  it('checks its kwargs, and wants a backtest', async () => {
    const problem = (options: Parameters<typeof AttributionRecord.create>[0]) => {
      try {
        AttributionRecord.check!(options);
      } catch (error) {
        return (error as UserError).problem;
      }
      return '';
    };
    expect(problem({})).toBe('neither group_field nor groups is given');
    expect(problem({ groups: {}, group_field: '$x' })).toBe('both group_field and groups are given');
    expect(problem({ group_field: '$x', group_method: 'bins' })).toBe('group_n is missing');
    const { context } = await contextOf();
    await expect(
      (await AttributionRecord.create({ groups: { A: 'x' } }, context)).generate(),
    ).rejects.toThrow('which the run does not have');
  });
});
