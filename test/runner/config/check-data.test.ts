import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTime, type Time } from '../../../components/core/dates.ts';
import { UserError } from '../../../components/core/errors.ts';
import type { DataProvider, InstrumentsSpec } from '../../../components/data/provider.ts';
import {
  checkAgainstData,
  checkAll,
  checkWorkflow,
  formatErrors,
  formatWarnings,
} from '../../../runner/config/index.ts';
import { catalogue, Files, workflowText } from './support.ts';

const days = ['2017-01-03', '2017-09-28', '2017-10-02', '2018-01-02', '2018-06-28'].map((d) => parseTime(d)!);
const markets: Readonly<Record<string, readonly string[]>> = {
  all: ['AAPL', 'IBM', 'MSFT'],
  dow30: ['AAPL', 'IBM'],
};

/** Three instruments and an index, five days, two markets. */
const data: DataProvider = {
  folder: '/data',
  calendar: async ({ start = null, end = null }: { start?: Time | null; end?: Time | null } = {}) =>
    Float64Array.from(days.filter((d) => (start === null || d >= start) && (end === null || d <= end))),
  markets: async () => Object.keys(markets),
  instruments: async (spec: InstrumentsSpec) =>
    new Map((markets[String(spec)] ?? []).map((name) => [name, [{ start: days[0]!, end: days.at(-1)! }]])),
  fields: async (name) => ([...markets['all']!, 'SH000300'].includes(name) ? ['close', 'open'] : []),
  features: async () => {
    throw new Error('no values are read');
  },
};

let files: Files;
beforeAll(() => {
  files = new Files();
});
afterAll(() => files.remove());

async function check(
  lines: Readonly<Record<number, string>>,
  folder = data,
): Promise<{ errors: string; warnings: string }> {
  files.write(
    'w.yaml',
    workflowText({ 41: '            kwargs: {signal: <PRED>, topk: 2, n_drop: 1}', ...lines }),
  );
  const workflow = await files.read('w.yaml');
  expect(formatErrors((await checkWorkflow(workflow, catalogue)).errors, workflow)).toBe('');
  const { errors, warnings } = await checkAgainstData(workflow, folder);
  return { errors: formatErrors(errors, workflow), warnings: formatWarnings(warnings, workflow) };
}

describe('checkAgainstData', () => {
  it('finds nothing where all fits', async () => {
    expect(await check({})).toEqual({ errors: '', warnings: '' });
  });

  it.each([
    [
      { 4: 'market: &market dow31' },
      'w.yaml:24:11 (task.dataset.kwargs.handler.kwargs.instruments): unknown market "dow31"\n  did you mean "dow30"? allowed: all, dow30',
    ],
    [
      { 4: 'market: &market __proto__' },
      '(task.dataset.kwargs.handler.kwargs.instruments): unknown market "__proto__"',
    ],
    [
      { 24: '', 4: '' },
      '(task.dataset.kwargs.handler): unknown market "csi500"\n  instruments is not given, which means csi500; allowed: all, dow30',
    ],
    [
      { 24: '          instruments: [AAPK, IBN]' },
      'w.yaml:24:25 (task.dataset.kwargs.handler.kwargs.instruments.0): unknown instrument "AAPK": the data has no such instrument\n  did you mean "AAPL"?',
    ],
    [
      { 44: '            benchmark: APPL' },
      'w.yaml:44:13 (task.record.1.kwargs.config.backtest.benchmark): unknown instrument "APPL": the data has no such instrument\n  did you mean "AAPL"?',
    ],
    [
      { 44: '            benchmark: [AAPL, XYZW]' },
      '(task.record.1.kwargs.config.backtest.benchmark.1): unknown instrument "XYZW"',
    ],
    [
      { 44: '            benchmark: {class: Index}' },
      '(task.record.1.kwargs.config.backtest.benchmark): must name instruments, got a mapping\n  allowed: a name, a list of instruments, or {market: NAME, filter_pipe: [...]}',
    ],
    [
      { 24: '          instruments: {marked: dow30}' },
      '(task.dataset.kwargs.handler.kwargs.instruments): must name instruments, got a mapping',
    ],
    [{ 24: '          instruments: []' }, '(task.dataset.kwargs.handler.kwargs.instruments): must name'],
    [
      { 44: '            exchange_kwargs: {deal_price: closee}' },
      '(task.record.1.kwargs.config.backtest.exchange_kwargs.deal_price): unknown field "closee": no instrument has it\n  did you mean "close"? known fields: close, open',
    ],
    [
      { 44: '            exchange_kwargs: {codes: dow31}' },
      '(task.record.1.kwargs.config.backtest.exchange_kwargs.codes): unknown market "dow31"\n  did you mean "dow30"? allowed: all, dow30',
    ],
    [
      { 22: '          label: ["Ref($clse, -1)/$open"]' },
      '(task.dataset.kwargs.handler.kwargs.label.0): unknown field "clse": no instrument has it\n  did you mean "close"? known fields: close, open',
    ],
    [
      { 29: '        train: [2017-04-15, 2017-04-16]' },
      'w.yaml:29:9 (task.dataset.kwargs.segments.train): the segment train has no trading day: 2017-04-15 to 2017-04-16\n  the calendar of the data goes from 2017-01-03 to 2018-06-28',
    ],
    [
      { 43: '            start_time: 2018-06-29', 44: '            end_time: 2018-06-30' },
      '(task.record.1.kwargs.config.backtest.start_time): the backtest has no trading day: 2018-06-29 to 2018-06-30',
    ],
  ])('tells what is wrong: %j', async (lines, message) => {
    expect((await check(lines)).errors).toContain(message);
  });

  // real qlib, deal_price: vwap on data without it: "setting deal_price to close price" a look-up; a feature of $vwap is NaN
  it.each([
    [
      { 44: '            exchange_kwargs: {deal_price: vwap}' },
      '(task.record.1.kwargs.config.backtest.exchange_kwargs.deal_price): the data have no field "vwap": orders are dealt at the close',
    ],
    [
      { 44: '            exchange_kwargs: {deal_price: [$open, $vwap]}\n            strict: true' },
      'the data have no field "vwap": orders are never dealt',
    ],
    [
      { 22: '          label: ["Ref($vwap, -1)/$open"]' },
      '(task.dataset.kwargs.handler.kwargs.label.0): the data have no field "vwap": it is NaN on every day',
    ],
  ])('warns of usual fields that the data lack, as qlib runs without: %j', async (lines, message) => {
    const { errors, warnings } = await check(lines);
    expect(errors).toBe('');
    expect(warnings).toContain(message);
  });

  it.each<Readonly<Record<number, string>>>([{}, { 44: '            benchmark: null' }])(
    'tells that the benchmark that qlib takes for granted is not in the data: %j',
    async (lines) => {
      const empty = { ...data, fields: async () => ['close'].slice(1) };
      expect((await check(lines, empty)).errors).toContain(
        '(task.record.1.kwargs.config.backtest): no benchmark is named, and SH000300, which that means in qlib, is not in the data\n  add benchmark:',
      );
    },
  );

  it('tells that a benchmark has no closes', async () => {
    const open: DataProvider = {
      ...data,
      fields: async (name) => (name === 'SH000300' ? ['open', 'volume'] : data.fields(name)),
    };
    expect((await check({ 44: '            benchmark: [AAPL, SH000300]' }, open)).errors).toBe(
      'w.yaml:44:31 (task.record.1.kwargs.config.backtest.benchmark.1): the benchmark "SH000300" has no field close\n  it has open, volume',
    );
  });

  it('tells that market files and features do not belong together', async () => {
    const bare: DataProvider = { ...data, fields: async (name) => (name === 'SH000300' ? ['close'] : []) };
    expect(
      (
        await check(
          { 22: '          label: ["Ref($close, -1)/$open"]', 44: '            benchmark: SH000300' },
          bare,
        )
      ).errors,
    ).toContain(
      '(task.dataset.kwargs.handler.kwargs.label.0): no instrument has any field: /data/features has no bins of those in the market files\n  do market files and features belong together?',
    );
  });

  it('warns of single instruments of a list that are not there', async () => {
    const { errors, warnings } = await check({ 24: '          instruments: [AAPL, IBN, MSFT]' });
    expect(errors).toBe('');
    expect(warnings).toBe(
      'warning: w.yaml:24:31 (task.dataset.kwargs.handler.kwargs.instruments.1): unknown instrument "IBN": the data has no such instrument\n  did you mean "IBM"?',
    );
  });

  it.each([
    [{ 22: '          freq: 5min' }, 'w.yaml:22:11 (task.dataset.kwargs.handler.kwargs.freq)'],
    [
      { 44: '            exchange_kwargs: {freq: 5min}' },
      'w.yaml:44:31 (task.record.1.kwargs.config.backtest.exchange_kwargs.freq)',
    ],
  ])('tells where a frequency is named that the data have not: %j', async (lines, place) => {
    const daily: DataProvider = {
      ...data,
      calendar: async (options) => {
        if (options?.freq === '5min')
          throw new UserError('no calendar for freq "5min"', { hint: 'it has day' });
        return data.calendar(options);
      },
    };
    expect((await check(lines, daily)).errors).toBe(`${place}: no calendar for freq "5min"\n  it has day`);
  });

  it('warns of more places than instruments', async () => {
    const { warnings } = await check({ 41: '            kwargs: {signal: <PRED>, topk: 500, n_drop: 1}' });
    expect(warnings).toBe(
      'warning: w.yaml:41:38 (task.record.1.kwargs.config.strategy.kwargs.topk): topk 500 is more than the 2 instruments there are: all are held all the time',
    );
  });
});

describe('checkAll', () => {
  const all = async (lines: Readonly<Record<number, string>>, open: () => DataProvider) => {
    files.write('w.yaml', workflowText(lines));
    const workflow = await files.read('w.yaml');
    const { errors } = await checkAll(workflow, { catalogue, cwd: files.folder, home: files.folder, open });
    return formatErrors(errors, workflow);
  };

  it('tells mistakes with and without data together', async () => {
    const errors = await all({ 4: 'market: &market dow31', 10: '      estimator: rigde' }, () => data);
    expect(errors).toMatch(/unknown value "rigde"[\s\S]*unknown market "dow31"/);
  });

  it('names provider_uri where the folder is no data', async () => {
    const errors = await all({}, () => {
      throw new UserError('no folder "calendars"');
    });
    expect(errors).toBe('w.yaml:2:3 (qlib_init.provider_uri): no folder "calendars"');
  });

  it('does not open data for a workflow with a class that is not built', async () => {
    const errors = await all(
      { 7: '    class: LGBModel', 8: '    module_path: qlib.contrib.model.gbdt' },
      () => {
        throw new Error('opened');
      },
    );
    expect(errors).toMatch('the class LGBModel of qlib.contrib.model.gbdt is not built yet');
  });
});
