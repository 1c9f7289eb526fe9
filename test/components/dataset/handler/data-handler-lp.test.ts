import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../../components/core/log.ts';
import type { Panel } from '../../../../components/core/panel.ts';
import { DatasetH } from '../../../../components/dataset/dataset-h.ts';
import { Alpha158 } from '../../../../components/dataset/handler/alpha158.ts';
import {
  buildProcessors,
  DataHandlerLP,
  type HandlerSettings,
} from '../../../../components/dataset/handler/data-handler-lp.ts';
import type { DataHandler } from '../../../../components/dataset/types.ts';
import { testContext } from '../context.ts';
import { panelOf, valuesOf } from '../panels.ts';

const all = { start: null, end: null };

function source(): Panel {
  return panelOf(
    2,
    ['A', 'B', 'C'],
    {
      'feature.X': [1, 2, Number.NaN, 4, 5, 6],
      'feature.Y': [1, 1, 1, 2, 2, 2],
      'label.L': [1, 2, 3, Number.NaN, 5, 6],
    },
    'f32',
  );
}

async function handlerOf(kwargs: object, settings: HandlerSettings = {}, fresh = true) {
  const context = { ...testContext(), log: silentLog };
  let loads = 0;
  const loader = {
    fresh,
    load: async () => {
      loads++;
      return source();
    },
  };
  const processors = await buildProcessors(kwargs, context);
  const handler = new DataHandlerLP(loader, processors, kwargs, context, settings);
  return { handler, loads: () => loads };
}

const linear = {
  infer_processors: [
    {
      class: 'RobustZScoreNorm',
      kwargs: { fields_group: 'feature', fit_start_time: null, fit_end_time: null },
    },
    { class: 'Fillna', kwargs: { fields_group: 'feature' } },
  ],
  learn_processors: [{ class: 'DropnaLabel' }, { class: 'CSRankNorm', kwargs: { fields_group: 'label' } }],
};

describe('DataHandlerLP', () => {
  it('hands on what its processors learned', async () => {
    const first = (await handlerOf(linear)).handler;
    await first.setup();
    const state = first.learnedState()!;
    expect([state.shared.length, state.infer.length, state.learn.length]).toEqual([0, 2, 2]);
    expect(Object.keys(state.infer[0]!)).toEqual(['feature.X', 'feature.Y']);
    expect([state.infer[1], ...state.learn]).toEqual([null, null, null]);
    const other = (await handlerOf(linear)).handler;
    const changed = {
      'feature.X': { mean_train: 0, std_train: 2 },
      'feature.Y': { mean_train: 1, std_train: 1 },
    };
    other.recall({ ...state, infer: [changed, null] });
    const infer = await other.fetch(all, { dataKey: 'infer', colSet: 'feature' });
    expect(valuesOf(infer, 'X')).toEqual([0.5, 1, 0, 2, 2.5, 3]);
    expect(valuesOf(infer, 'Y')).toEqual([0, 0, 0, 1, 1, 1]);
    expect(() => other.recall({ ...state, learn: [] })).toThrow(
      'what 0 learn processors learned does not fit 2',
    );
  });

  it('keeps nothing where nothing is learned', async () => {
    expect((await handlerOf({ infer_processors: [{ class: 'Fillna' }] })).handler.learnedState()).toBeNull();
  });

  it('shares the features of the default processors between all views', async () => {
    const { handler } = await handlerOf({
      learn_processors: [
        { class: 'DropnaLabel' },
        { class: 'CSZScoreNorm', kwargs: { fields_group: 'label' } },
      ],
    });
    const [raw, infer, learn] = await Promise.all(
      (['raw', 'infer', 'learn'] as const).map((dataKey) => handler.fetch(all, { dataKey, colSet: '__raw' })),
    );
    for (const c of [0, 1]) {
      expect(infer!.columns[c]!.values).toBe(raw!.columns[c]!.values);
      expect(learn!.columns[c]!.values).toBe(raw!.columns[c]!.values);
    }
    expect(learn!.length).toBe(5);
    expect(valuesOf(raw!, 'label.L')[0]).toBe(1);
  });

  it('gives the same views whether it writes over the raw features or not', async () => {
    const views = async (settings: HandlerSettings, fresh: boolean, kwargs: object) => {
      const { handler, loads } = await handlerOf(kwargs, settings, fresh);
      const found: Record<string, unknown> = {};
      for (const dataKey of ['infer', 'learn', 'raw'] as const) {
        const panel = await handler.fetch(all, { dataKey, colSet: '__raw' });
        for (const label of ['feature.X', 'feature.Y', 'label.L'])
          found[`${dataKey} ${label}`] = valuesOf(panel, label);
      }
      return { found, loads: loads() };
    };
    for (const process_type of ['append', 'independent'] as const) {
      const kwargs = { ...linear, process_type };
      const kept = await views({}, false, kwargs);
      const overwritten = await views({ keptRawBytes: 0 }, true, kwargs);
      expect(overwritten.found).toEqual(kept.found);
      expect([kept.loads, overwritten.loads]).toEqual([1, 2]);
    }
  });

  it('keeps the raw label even where it lets the raw features go', async () => {
    const { handler, loads } = await handlerOf(linear, { keptRawBytes: 0 });
    const label = await handler.fetch(all, { dataKey: 'raw', colSet: 'label' });
    expect(valuesOf(label, 'L')).toEqual([1, 2, 3, Number.NaN, 5, 6]);
    expect(loads()).toBe(1);
  });

  it('refuses a processor that needs labels for prediction, and one without a fit range', async () => {
    await expect(handlerOf({ infer_processors: ['DropnaLabel'] })).rejects.toThrow(
      "this processor needs labels: it can't prepare data for prediction\n  move it to learn_processors",
    );
    await expect(handlerOf({ infer_processors: [{ class: 'ZScoreNorm' }] })).rejects.toMatchObject({
      problem: 'fit_start_time and fit_end_time are missing',
      path: ['infer_processors', 0, 'kwargs'],
    });
  });

  it('refuses the raw view with drop_raw', async () => {
    const { handler } = await handlerOf({ drop_raw: true });
    await expect(handler.fetch(all, { dataKey: 'raw' })).rejects.toThrow(
      'the raw view is not kept: drop_raw is true\n  set drop_raw: false on the handler',
    );
  });
});

describe('Alpha158 and Alpha360', () => {
  it('pass their fit times on to processors, over what these say', async () => {
    const infer_processors = [
      { class: 'ZScoreNorm', kwargs: { fit_start_time: '1990-01-01', fit_end_time: '1990-12-31' } },
    ];
    const kwargs = { fit_start_time: '2008-01-02', fit_end_time: '2014-12-31', infer_processors };
    const handler = await testContext().build('handler', { class: 'Alpha158', kwargs }, []);
    expect((handler as DataHandlerLP).processors.infer[0]!.fitSegment).toEqual({
      start: Date.UTC(2008, 0, 2),
      end: Date.UTC(2014, 11, 31),
    });
  });

  it('ask for fit times where a processor needs them', async () => {
    const build = testContext().build(
      'handler',
      { class: 'Alpha360', kwargs: { fit_start_time: '2008-01-02' } },
      [],
    );
    await expect(build).rejects.toMatchObject({
      problem: 'fit_end_time is missing',
      hint: 'infer_processors.1 learns from a range of days: give the handler fit_start_time and fit_end_time',
      path: ['kwargs', 'fit_end_time'],
    });
  });

  it('ask for fit times before anything is read', () => {
    const asked = (options: object) => () => Alpha158.check?.(options);
    expect(asked({ infer_processors: [{ class: 'Fillna' }, { class: 'RobustZScoreNorm' }] })).toThrow(
      'fit_start_time is missing\n  infer_processors.1 learns from a range of days',
    );
    expect(asked({ fit_start_time: '2008-01-02', learn_processors: ['MinMaxNorm'] })).toThrow(
      'fit_end_time is missing\n  learn_processors.0',
    );
    const own = [{ class: 'ZScoreNorm', module_path: './own.ts' }, { class: 'CSRankNorm' }];
    expect(asked({ infer_processors: own })).not.toThrow();
  });

  it('refuse a label that is no list of expressions', async () => {
    const kwargs = { label: [['$close', '$open'], ['A']] };
    await expect(testContext().build('handler', { class: 'Alpha158', kwargs }, [])).rejects.toThrow(
      '2 expressions and 1 column names',
    );
  });
});

describe('DatasetH', () => {
  it('tells an unknown segment with the nearest', async () => {
    const { handler } = await handlerOf({});
    const dataset = new DatasetH(handler as DataHandler, {
      train: ['2020-01-01', '2020-01-01'],
      test: ['2020-01-02', null],
    });
    await expect(dataset.prepare('tran')).rejects.toThrow(
      'unknown segment "tran"\n  did you mean "train"? allowed: test, train',
    );
    expect((await dataset.prepare('train')).length).toBe(3);
    expect((await dataset.prepare('test')).length).toBe(3);
  });

  it('loads once, however many ask at the same time', async () => {
    const { handler, loads } = await handlerOf({});
    await Promise.all([handler.fetch(all), handler.fetch(all), handler.setup()]);
    expect(loads()).toBe(1);
  });
});
