import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../components/core/errors.ts';
import { silentLog } from '../../../components/core/log.ts';
import { denseValues } from '../../../components/core/panel.ts';
import { WorkerPool } from '../../../components/core/workers.ts';
import { writeDemoMarket } from '../../../components/data/demo/write-market.ts';
import { openData } from '../../../components/data/folder-provider.ts';
import type { Dataset } from '../../../components/dataset/types.ts';
import { binFeatures } from '../../../components/model/binned-features.ts';
import { resolveParams, train as trainTrees } from '../../../components/model/gbdt/index.ts';
import { LGBModel } from '../../../components/model/lgb-model.ts';
import { testContext } from '../dataset/context.ts';

const folder = mkdtempSync(join(tmpdir(), 'qrun-blocks-'));
const market = join(folder, 'market');
const pool = new WorkerPool(2);
beforeAll(() => writeDemoMarket(market, { instruments: 10, years: 3, seed: 5 }));
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
});

const range = { fit_start_time: '2021-01-04', fit_end_time: '2021-12-31' };
const zscore = { class: 'RobustZScoreNorm', kwargs: { fields_group: 'feature', clip_outlier: true } };
const fillna = { class: 'Fillna', kwargs: { fields_group: 'feature' } };
const rank = { class: 'CSRankNorm', kwargs: { fields_group: 'label' } };
const featureRank = { class: 'CSRankNorm', kwargs: { fields_group: 'feature' } };

/** `features`: bytes that features may take; undefined: they are held whole. */
function datasetOf(features: number | undefined, handler: object = {}, total = 1e12): Promise<Dataset> {
  const data = openData(market, { pool });
  // what it builds sees the changes, too
  const context = Object.assign(
    testContext(data),
    { pool },
    features === undefined ? {} : { memory: { features, block: features / 4, total } },
  );
  return context.build(
    'dataset',
    {
      class: 'DatasetH',
      kwargs: {
        handler: {
          class: 'Alpha158',
          kwargs: {
            start_time: '2021-01-04',
            end_time: '2023-12-29',
            instruments: 'all',
            ...range,
            ...handler,
          },
        },
        segments: {
          train: ['2021-01-04', '2022-06-30'],
          valid: ['2022-07-01', '2022-12-30'],
          test: ['2023-01-02', '2023-12-29'],
        },
      },
    },
    [],
  );
}

async function fitted(dataset: Dataset, kwargs: object = {}) {
  const model = new LGBModel(
    { num_boost_round: 12, num_leaves: 15, bin_construct_sample_cnt: 3000, ...kwargs },
    pool,
  );
  const metrics: [string, number, number][] = [];
  await model.fit(dataset, {
    log: { ...silentLog, metric: (name, value, step) => void metrics.push([name, value, step]) },
  });
  const pred = await model.predict(dataset);
  return {
    model,
    text: model.state().files['model.txt'],
    metrics,
    score: Array.from(pred.columns[0]!.values),
    times: pred.index.times,
    codes: pred.index.codes,
  };
}

describe('LGBModel on features that come in blocks', () => {
  const handlers: Record<string, object> = {
    'without processors of features': {},
    'with learned processors': {
      infer_processors: [zscore, fillna],
      learn_processors: [{ class: 'DropnaLabel' }, rank],
    },
    'with ranks in float64, labels undropped': { infer_processors: [featureRank], learn_processors: [] },
    'with a learn view of its own': {
      process_type: 'independent',
      infer_processors: [fillna],
      learn_processors: [{ class: 'DropnaLabel' }, zscore],
    },
  };
  for (const [name, handler] of Object.entries(handlers))
    it(`grows the same trees and predicts the same scores ${name}`, async () => {
      const whole = await datasetOf(undefined, handler);
      // blocks of a few columns
      const inBlocks = await datasetOf(1.5e6, handler);
      expect(await whole.blocks?.()).toBeNull();
      expect(await inBlocks.blocks?.()).not.toBeNull();
      const a = await fitted(whole);
      const b = await fitted(inBlocks);
      expect(b.text).toBe(a.text);
      expect(b.metrics).toEqual(a.metrics);
      expect(b.score).toEqual(a.score);
      expect(b.times).toEqual(a.times);
      expect(b.codes).toEqual(a.codes);
      expect(new Set(a.score).size).toBeGreaterThan(5);
    });

  const trainings: Record<string, object> = {
    'with bags of rows and features': { bagging_freq: 1, bagging_fraction: 0.5, feature_fraction: 0.3 },
    'with GOSS': { boosting: 'goss', learning_rate: 0.5 },
    'of a random forest': { boosting: 'rf', bagging_freq: 1, bagging_fraction: 0.6 },
    'with dropped trees': { boosting: 'dart', drop_rate: 0.5 },
    'of few bins, monotone': { max_bin: 15, monotone_constraints: Array(158).fill(1) },
    'on one thread': { num_threads: 1 },
  };
  for (const [name, kwargs] of Object.entries(trainings))
    it(`grows the same trees ${name}`, async () => {
      const a = await fitted(await datasetOf(undefined), kwargs);
      const b = await fitted(await datasetOf(1.5e6), kwargs);
      expect(b.text).toBe(a.text);
      expect(b.metrics).toEqual(a.metrics);
      expect(b.score).toEqual(a.score);
    });

  it('trains the same on bins that lie outside of the memory of trees', async () => {
    const dataset = await datasetOf(1.5e6);
    const blocks = (await dataset.blocks!())!;
    const params = { objective: 'mse', num_leaves: 15, bin_construct_sample_cnt: 3000 };
    const [train, valid] = ['train', 'valid'].map((name) => dataset.segment!(name));
    const label = async (segment: string) =>
      (await dataset.prepare(segment, { colSet: 'label', dataKey: 'learn' })).columns[0]!;
    const grown = async (mostBytes?: number) => {
      const segments = { train: train!, valid: valid!, test: undefined };
      const binned = await binFeatures(blocks, segments, resolveParams(params), pool, mostBytes);
      const set = async (name: 'train' | 'valid') => ({
        columns: binned[name],
        label: denseValues(await label(name)),
        ...(binned.memory ? { memory: binned.memory } : {}),
      });
      const data = await set('train');
      const valids = [{ name: 'valid', data: await set('valid') }];
      const { booster, evals } = await trainTrees({ params, data, valids, rounds: 8, pool });
      return { text: booster.toText(), evals, isPlaced: binned.memory !== undefined };
    };
    const [inside, outside] = [await grown(), await grown(0)];
    expect([inside.isPlaced, outside.isPlaced]).toEqual([true, false]);
    expect(outside.text).toBe(inside.text);
    expect(outside.evals).toEqual(inside.evals);
  });

  it('predicts the same from a model that was kept, and other segments', async () => {
    const whole = await datasetOf(undefined);
    const { model } = await fitted(whole);
    const kept = LGBModel.restore(model.state(), pool);
    const inBlocks = await datasetOf(0);
    for (const segment of ['test', 'valid'])
      expect(Array.from((await kept.predict(inBlocks, segment)).columns[0]!.values)).toEqual(
        Array.from((await model.predict(whole, segment)).columns[0]!.values),
      );
  });

  it('takes the values where bins do not do', async () => {
    const kwargs = { zero_as_missing: true };
    const a = await fitted(await datasetOf(undefined), kwargs);
    const b = await fitted(await datasetOf(0), kwargs);
    expect(b.text).toBe(a.text);
  });
});

describe('features that are too large', () => {
  it('are refused where a model needs all of them and the machine cannot hold them', async () => {
    const dataset = await datasetOf(0, {}, 1e6);
    const asked = dataset.prepare('train', { colSet: 'feature' });
    await expect(asked).rejects.toThrow(UserError);
    await expect(asked).rejects.toThrow(
      /^the model needs all features at once: \d+ rows of 159 columns take 0\.0 GB, and there are 0\.0 GB of memory\n/,
    );
  });

  it('leave labels at hand', async () => {
    const [whole, inBlocks] = [await datasetOf(undefined), await datasetOf(0, {}, 1e6)];
    for (const dataKey of ['raw', 'infer', 'learn'] as const) {
      const a = await whole.prepare('train', { colSet: 'label', dataKey });
      const b = await inBlocks.prepare('train', { colSet: 'label', dataKey });
      expect(b.index.codes).toEqual(a.index.codes);
      expect(Array.from(b.columns[0]!.values)).toEqual(Array.from(a.columns[0]!.values));
    }
  });
});
