import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatTime } from '../../components/core/dates.ts';
import type { Log } from '../../components/core/log.ts';
import { silentLog } from '../../components/core/log.ts';
import type { Panel } from '../../components/core/panel.ts';
import { openData } from '../../components/data/folder-provider.ts';
import type { Dataset } from '../../components/dataset/types.ts';
import { Booster } from '../../components/model/gbdt/index.ts';
import { LGBModel } from '../../components/model/lgb-model.ts';
import { testContext } from '../components/dataset/context.ts';
import { compareEvals, compareTrees, raw } from './boosters.ts';
import { type GoldenTable, readTable } from './panels.ts';
import { Difference, goldensData, goldensRoot, readJson, toNumber } from './support.ts';

const folder = join(goldensRoot() ?? '', 'data', 'models');
const data = goldensData();
const there = existsSync(join(folder, 'setup.json')) && data !== undefined;

interface Setup {
  readonly segments: Record<string, unknown>;
  readonly handler: string;
  readonly handler_kwargs: Record<string, unknown>;
  readonly linear_processors: Record<string, unknown>;
}

interface Case {
  readonly case: string;
  readonly kwargs: Record<string, unknown>;
  readonly evals: Record<string, Record<string, number[]>>;
  readonly best_iteration: number;
  readonly importance_split: readonly number[];
  readonly importance_gain: readonly number[];
}

describe.skipIf(!there)('LGBModel (no goldens: set GOLDENS and GOLDENS_DATA)', () => {
  const context = there ? testContext(openData(data!)) : undefined!;
  const datasets = new Map<boolean, Promise<Dataset>>();
  let predictions: GoldenTable;
  beforeAll(() => {
    predictions = readTable(folder, 'lgb_pred.csv.gz');
  });
  afterAll(() => context?.pool.close());

  function datasetOf(normalised: boolean): Promise<Dataset> {
    const { segments, handler, handler_kwargs, linear_processors } = readJson<Setup>(
      join(folder, 'setup.json'),
    );
    const kwargs = normalised ? { ...handler_kwargs, ...linear_processors } : handler_kwargs;
    const spec = { handler: { class: handler, kwargs }, segments };
    if (!datasets.has(normalised))
      datasets.set(normalised, context.build('dataset', { class: 'DatasetH', kwargs: spec }, []));
    return datasets.get(normalised)!;
  }

  const files = there ? readdirSync(folder).filter((f) => /^lgb_.*\.json$/.test(f)) : [];
  for (const file of files) {
    const golden = readJson<Case>(join(folder, file));
    if (!golden.kwargs) continue;
    it(golden.case, async () => {
      const dataset = await datasetOf(golden.case.endsWith('normalised'));
      const model = (await context.build(
        'model',
        { class: 'LGBModel', kwargs: golden.kwargs },
        [],
      )) as LGBModel;
      const { log, evals } = recordingLog();
      await model.fit(dataset, { log });
      compareEvals(evals, golden.evals);
      const booster = model.booster!;
      expect(booster.iterations).toBe(golden.best_iteration);
      const text = raw(join(folder, `lgb_${golden.case}.model.txt.gz`)).toString('utf8');
      compareTrees(booster, Booster.parse(text));
      expect([...booster.importance('split')]).toEqual(golden.importance_split);
      const gains = new Difference(1e-5, 1e-5);
      for (const [f, gain] of golden.importance_gain.entries())
        gains.add(booster.importance('gain')[f]!, gain, () => `gain of feature ${f}`);
      gains.check(0);
      const score = await model.predict(dataset);
      comparePredictions(score, predictions, golden.case);
      const restored = LGBModel.restore(model.state());
      expect(await restored.predict(dataset)).toEqual(score);
    });
  }

  it('errors', async () => {
    const path = join(folder, 'lgb_errors.json');
    for (const { call } of readJson<{ call: string }[]>(path)) {
      const loss = /^LGBModel\(loss='(\w+)'\)$/.exec(call)?.[1];
      expect(loss, call).toBeDefined();
      await expect(
        context.build('model', { class: 'LGBModel', kwargs: { loss } }, []),
        call,
      ).rejects.toThrow();
    }
  });
});

/** Figures that a fit logs as `l2.train`, by set and metric. */
function recordingLog() {
  const evals = new Map<string, Map<string, number[]>>();
  const log: Log = {
    ...silentLog,
    metric(name, value, step) {
      const [metric = '', set = ''] = name.split('.');
      const bySet = evals.get(set) ?? new Map<string, number[]>();
      evals.set(set, bySet);
      const values = bySet.get(metric) ?? [];
      bySet.set(metric, values);
      expect(step).toBe(values.length);
      values.push(value);
    },
  };
  return { log, evals };
}

function comparePredictions(score: Panel, table: GoldenTable, name: string): void {
  const column = table.header.indexOf(name);
  expect(column).toBeGreaterThanOrEqual(0);
  const { index } = score;
  const values = score.columns[0]!.values;
  expect(values).toBeInstanceOf(Float64Array);
  expect(score.length).toBe(table.rows.length);
  const codes = index.timeCodes();
  const difference = new Difference(1e-6, 1e-9);
  table.rows.forEach(({ time, instrument, cells }, row) => {
    expect(index.times[codes[row]!]).toBe(time);
    expect(index.instruments[index.codes[row]!]).toBe(instrument);
    difference.add(values[row]!, toNumber(cells[column]), () => `${formatTime(time)} ${instrument}`);
  });
  difference.check(table.rows.length);
}
