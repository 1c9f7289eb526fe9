import { describe, expect, it } from 'vitest';
import { parseTime } from '../../../components/core/dates.ts';
import { denseColumn, denseValues, Panel, PanelIndex } from '../../../components/core/panel.ts';
import { isAlive, processMark } from '../../../components/core/process-mark.ts';
import { PyDate, PyFloat } from '../../../components/core/python.ts';
import type { Workflow } from '../../../runner/config/index.ts';
import { isAdmitted } from '../../../runner/sweep/admission.ts';
import { parseBytes, parseSeconds } from '../../../runner/sweep/durations.ts';
import { earlyStopOf, shouldStop } from '../../../runner/sweep/early-stop.ts';
import { readsHoldout } from '../../../runner/sweep/holdout.ts';
import { parameterImportance, rankCorrelation } from '../../../runner/sweep/importance.ts';
import { combinePanels } from '../../../runner/sweep/predictions/combine.ts';
import { walkForwardFolds, walkOverrides } from '../../../runner/sweep/walk-forward.ts';
import { yamlText } from '../../../runner/sweep/yaml-text.ts';

const workflow = (config: unknown) => ({ config }) as unknown as Workflow;

describe('early stopping', () => {
  it('has the rungs of W&B: min_iter times eta, or max_iter over eta', () => {
    const goal = { metric: 'l2', maximize: false };
    expect(earlyStopOf({ type: 'hyperband', min_iter: 3, eta: 3 }, goal).rungs.slice(0, 4)).toEqual([
      3, 9, 27, 81,
    ]);
    expect(earlyStopOf({ type: 'hyperband', max_iter: 27, s: 2, eta: 3 }, goal).rungs).toEqual([3, 9]);
  });

  it('stops at a rung what is not among the best third, by its best value so far', () => {
    const rule = earlyStopOf(
      { type: 'hyperband', min_iter: 2, eta: 3, metric: { name: 'l2', goal: 'minimize' } },
      undefined,
    );
    const others = [
      [5, 1],
      [5, 2],
      [5, 3],
      [5, 4],
      [5, 5],
    ];
    expect(shouldStop(rule, [9, 2.5], others)).toBe(true);
    expect(shouldStop(rule, [9, 1.5], others)).toBe(false);
    expect(shouldStop(rule, [1.5, 9], others)).toBe(false);
    expect(shouldStop(rule, [9, 9, 9], others)).toBe(false);
    expect(shouldStop(rule, [9, 9], others.slice(0, 2))).toBe(false);
    expect(shouldStop(rule, [Number.NaN, Number.NaN], others)).toBe(true);
  });

  it('stops what is worse than the median of the running means', () => {
    const rule = earlyStopOf({ type: 'median', min_iter: 2 }, { metric: 'IC', maximize: true });
    const others = [
      [1, 3],
      [2, 2],
      [0, 1],
    ]; // running means 2, 2, 0.5
    expect(shouldStop(rule, [0, 1.9], others)).toBe(true);
    expect(shouldStop(rule, [0, 2.1], others)).toBe(false);
    expect(shouldStop(rule, [0], others)).toBe(false);
  });
});

describe('walk-forward', () => {
  const calendar = Float64Array.from({ length: 20 }, (_, i) => parseTime('2020-01-01')! + i * 86_400_000);
  const config = {
    task: {
      dataset: {
        kwargs: {
          segments: {
            train: ['2020-01-01', '2020-01-05'],
            valid: ['2020-01-06', '2020-01-07'],
            test: ['2020-01-08', '2020-01-14'],
          },
        },
      },
      record: [
        {
          class: 'PortAnaRecord',
          kwargs: { config: { backtest: { start_time: '2020-01-08', end_time: '2020-01-14' } } },
        },
      ],
    },
  };

  it('moves all segments by a step, tests following each other without a gap', () => {
    const folds = walkForwardFolds(workflow(config), calendar, {
      kind: 'rolling',
      step: 3,
      folds: undefined,
    });
    expect(folds.map((f) => f.segments['test'])).toEqual([
      ['2020-01-08', '2020-01-10'],
      ['2020-01-11', '2020-01-13'],
      ['2020-01-14', '2020-01-14'],
    ]);
    expect(folds[1]!.segments['train']).toEqual(['2020-01-04', '2020-01-08']);
    expect(walkOverrides(folds[1]!)).toContain('++task.record.0.kwargs.config.backtest.end_time=2020-01-13');
  });

  it('keeps the start of training where it expands', () => {
    const folds = walkForwardFolds(workflow(config), calendar, { kind: 'expanding', step: 3, folds: 2 });
    expect(folds.map((f) => f.segments['train'])).toEqual([
      ['2020-01-01', '2020-01-05'],
      ['2020-01-01', '2020-01-08'],
    ]);
  });
});

describe('readsHoldout', () => {
  const holdout = { start: '2020-06-01', end: '2020-06-30' };
  const days = Float64Array.from({ length: 200 }, (_, i) => Date.UTC(2020, 2, 1 + i));
  const errors = (task: unknown, horizon = 0) =>
    readsHoldout(workflow({ task }), holdout, { horizon, calendar: days });
  const found = (task: unknown) => errors(task).map((e) => e.path.join('.'));

  it('sees labels that are made of its prices', () => {
    const dataset = (end: string) => ({
      dataset: {
        kwargs: {
          handler: { kwargs: { start_time: '2019-01-01', end_time: end, fit_end_time: '2020-05-31' } },
          segments: { test: ['2020-05-01', end] },
        },
      },
      record: [{ backtest: { start_time: '2020-05-01', end_time: '2020-05-31' } }],
    });
    expect(errors(dataset('2020-05-29'), 2)).toEqual([]);
    expect(errors(dataset('2020-05-30'), 2).map((e) => `${e.problem}; ${e.hint}`)).toEqual([
      'task.dataset.kwargs.handler.kwargs.end_time: the last labels of 2019-01-01 to 2020-05-30 are made of prices of the holdout 2020-06-01 to 2020-06-30: they look 2 days ahead; end it at 2020-05-29 or before',
      'task.dataset.kwargs.segments.test: the last labels of 2020-05-01 to 2020-05-30 are made of prices of the holdout 2020-06-01 to 2020-06-30: they look 2 days ahead; end it at 2020-05-29 or before',
    ]);
  });

  it('sees segments, handlers, fits and backtests that reach into it, and open ends', () => {
    expect(
      found({
        dataset: {
          kwargs: { segments: { train: ['2019-01-01', '2020-05-31'], test: ['2020-07-01', '2020-07-31'] } },
        },
      }),
    ).toEqual([]);
    expect(found({ dataset: { kwargs: { segments: { test: ['2020-05-01', '2020-06-01'] } } } })).toEqual([
      'task.dataset.kwargs.segments.test',
    ]);
    expect(found({ handler: { start_time: '2019-01-01', end_time: null } })).toEqual([
      'task.handler.end_time',
    ]);
    expect(found({ handler: { fit_start_time: '2020-06-30', fit_end_time: '2020-08-01' } })).toEqual([
      'task.handler.fit_end_time',
    ]);
    expect(found({ record: [{ backtest: { start_time: '2020-06-30', end_time: '2020-07-10' } }] })).toEqual([
      'task.record.0.backtest.end_time',
    ]);
  });
});

describe('parameterImportance', () => {
  it('gives the shares of an additive function on a full grid', () => {
    const trials: Map<string, string>[] = [];
    const values: number[] = [];
    for (let a = 0; a < 4; a++)
      for (let b = 0; b < 4; b++) {
        trials.push(
          new Map([
            ['a', String(a)],
            ['b', String(b)],
            ['c', '1'],
          ]),
        );
        values.push(2 * a + b);
      }
    // variances 4 * 1.25 and 1.25: shares 0.8 and 0.2; bootstrapped trees come near
    const found = new Map(
      parameterImportance({ keys: ['a', 'b', 'c'], trials, values }).map((p) => [p.key, p]),
    );
    expect(found.get('a')!.share).toBeGreaterThan(0.65);
    expect(found.get('a')!.share).toBeLessThan(0.9);
    expect(found.get('b')!.share).toBeGreaterThan(0.08);
    expect(found.get('b')!.share).toBeLessThan(0.3);
    expect(found.get('c')!.share).toBe(0);
  });

  it('ranks ties by their mean', () => {
    // scipy.stats.spearmanr([1, 2, 2, 3], [1, 3, 2, 4]).statistic
    expect(rankCorrelation([1, 2, 2, 3], [1, 3, 2, 4])).toBeCloseTo(0.9486832980505138, 12);
  });
});

describe('combinePanels', () => {
  const panel = (rows: readonly (readonly [day: number, name: string, value: number])[]) => {
    const times = [...new Set(rows.map(([day]) => day))];
    const names = [...new Set(rows.map(([, name]) => name))].sort();
    const offsets = [0, ...times.map((t) => rows.filter(([day]) => day <= t).length)];
    return new Panel(
      new PanelIndex(
        Float64Array.from(times),
        Int32Array.from(offsets),
        names,
        Int32Array.from(rows.map(([, n]) => names.indexOf(n))),
      ),
      [denseColumn(null, 'score', Float64Array.from(rows.map(([, , v]) => v)))],
    );
  };
  const cells = (p: Panel) => {
    const times = p.index.timeCodes();
    const values = denseValues(p.columns[0]!);
    return Array.from(
      p.index.codes,
      (code, row) => `${p.index.times[times[row]!]} ${p.index.instruments[code]} ${values[row]}`,
    );
  };
  const a = panel([
    [1, 'A', 1],
    [1, 'C', 4],
    [2, 'A', 5],
  ]);
  const b = panel([
    [1, 'A', 3],
    [1, 'B', 2],
    [1, 'C', Number.NaN],
    [3, 'B', 7],
  ]);

  it('averages over what is there, on all rows', () => {
    expect(cells(combinePanels([a, b], 'mean', 'score'))).toEqual([
      '1 A 2',
      '1 B 2',
      '1 C 4',
      '2 A 5',
      '3 B 7',
    ]);
  });

  it('averages ranks within days', () => {
    expect(cells(combinePanels([a, b], 'rank', 'score'))).toEqual([
      '1 A 0.75',
      '1 B 0.5',
      '1 C 1',
      '2 A 1',
      '3 B 1',
    ]);
  });
});

describe('small things', () => {
  it('writes YAML that keeps kinds', () => {
    expect(
      yamlText(
        new Map<string, unknown>([
          ['a', [1, new PyFloat(1), 1e-7, 'x: y', null, true]],
          ['d', new PyDate(parseTime('2020-01-02')!)],
        ]),
      ),
    ).toBe('{"a": [1, 1.0, 1e-7, "x: y", null, true], "d": 2020-01-02}');
  });

  it('reads times and sizes', () => {
    expect(['90', '90s', '15m', '1h30m', '2 d', 'x', '1x', ''].map(parseSeconds)).toEqual([
      90,
      90,
      900,
      5400,
      172_800,
      undefined,
      undefined,
      undefined,
    ]);
    expect(['500MB', '1.5 GB', '2GiB', '7', 'x'].map(parseBytes)).toEqual([
      5e8,
      1.5e9,
      2147483648,
      7,
      undefined,
    ]);
  });

  it('admits the first run always and others as memory allows', () => {
    const memory = { available: 3e9, total: 10e9 };
    expect(isAdmitted([], 9e9, memory)).toBe(true);
    expect(isAdmitted([{ bytes: 1e9 }], 1e9, memory)).toBe(true);
    expect(isAdmitted([{ bytes: 0 }], 1.5e9, memory)).toBe(false);
  });

  it('tells a living process from one whose number is used again', () => {
    expect(isAlive(processMark())).toBe(true);
    expect(isAlive(processMark().replace(/\d+$/, '1'))).toBe(process.platform !== 'linux');
    expect(isAlive('elsewhere:1:1')).toBeUndefined();
  });
});
