import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatTime } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import { silentLog } from '../../components/core/log.ts';
import type { Panel } from '../../components/core/panel.ts';
import { openData } from '../../components/data/folder-provider.ts';
import type { Dataset } from '../../components/dataset/types.ts';
import { LinearModel } from '../../components/model/linear.ts';
import { testContext } from '../components/dataset/context.ts';
import { type GoldenTable, readTable } from './panels.ts';
import { Difference, goldensData, goldensRoot, readJson, toNumber } from './support.ts';

const folder = join(goldensRoot() ?? '', 'data', 'models');
const data = goldensData();
const there = existsSync(join(folder, 'linear.json')) && data !== undefined;

interface Setup {
  readonly segments: Record<string, unknown>;
  readonly handler: string;
  readonly handler_kwargs: Record<string, unknown>;
  readonly linear_processors: Record<string, unknown>;
}

interface Case {
  readonly case: string;
  readonly kwargs?: { estimator: 'ols' | 'nnls' | 'ridge' | 'lasso'; alpha?: number };
  readonly error: string | null;
  readonly n_rows?: number;
  readonly pred_dtype?: string;
  readonly train_mse?: number;
}

interface Linear {
  readonly cases: readonly Case[];
}

/** How far predictions may lie from qlib's: ridge follows its float32 roundings, nnls is float64 there, ols and lasso are float32 there only. */
const tolerances = { ridge: 1e-6, nnls: 1e-7, lasso: 3e-5, ols: 1e-4 } as const;

describe.skipIf(!there)('LinearModel (no goldens: set GOLDENS and GOLDENS_DATA)', () => {
  const context = there ? testContext(openData(data!)) : undefined!;
  const golden = there ? readJson<Linear>(join(folder, 'linear.json')) : undefined;
  let dataset: Dataset;
  let predictions: GoldenTable;
  beforeAll(async () => {
    const { segments, handler, handler_kwargs, linear_processors } = readJson<Setup>(
      join(folder, 'setup.json'),
    );
    const kwargs = { ...handler_kwargs, ...linear_processors };
    const spec = { handler: { class: handler, kwargs }, segments };
    dataset = await context.build('dataset', { class: 'DatasetH', kwargs: spec }, []);
    predictions = readTable(folder, 'linear_pred.csv.gz');
  });
  afterAll(() => context?.pool.close());

  for (const one of golden?.cases ?? []) {
    if (one.case.endsWith('not_qlib')) continue;
    if (one.kwargs?.estimator === 'ridge' && !one.kwargs.alpha && one.error === null) {
      it.todo(`${one.case}: no contract, float32 noise of a singular matrix`);
      continue;
    }
    it(one.case, async () => {
      const build = () => context.build('model', { class: 'LinearModel', kwargs: one.kwargs ?? {} }, []);
      if (one.error !== null && one.kwargs) return await expect(build()).rejects.toThrow(UserError);
      const model = (await build()) as LinearModel;
      if (one.error !== null) return await expect(model.predict(dataset)).rejects.toThrow();
      await model.fit(dataset, { log: silentLog });
      const score = await model.predict(dataset);
      const dtype = score.columns[0]!.values instanceof Float32Array ? 'float32' : 'float64';
      expect(dtype).toBe(one.pred_dtype);
      comparePredictions(score, predictions, one.case, tolerances[one.kwargs!.estimator]);
      const restored = LinearModel.restore(model.state());
      expect(await restored.predict(dataset)).toEqual(score);
    });
  }
});

function comparePredictions(score: Panel, table: GoldenTable, name: string, tolerance: number): void {
  const column = table.header.indexOf(name);
  expect(column).toBeGreaterThanOrEqual(0);
  const { index } = score;
  const values = score.columns[0]!.values;
  expect(score.length).toBe(table.rows.length);
  const codes = index.timeCodes();
  const difference = new Difference(0, tolerance);
  table.rows.forEach(({ time, instrument, cells }, row) => {
    expect(index.times[codes[row]!]).toBe(time);
    expect(index.instruments[index.codes[row]!]).toBe(instrument);
    difference.add(values[row]!, toNumber(cells[column]), () => `${formatTime(time)} ${instrument}`);
  });
  difference.check(table.rows.length);
}
