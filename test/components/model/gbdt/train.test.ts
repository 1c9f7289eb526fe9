import { describe, expect, it } from 'vitest';
import { WorkerPool } from '../../../../components/core/workers.ts';
import { Booster, type TrainingData, train } from '../../../../components/model/gbdt/index.ts';
import { predictTogether } from '../../../../components/model/gbdt/predict-together.ts';
import { Random } from '../../../../components/model/gbdt/random.ts';

/** A market of rows x columns with ties, zeros and NaN, from a seed. */
function makeData(rows: number, columns: number, seed: number): TrainingData {
  const random = new Random(seed);
  const made = Array.from({ length: columns }, (_, c) => {
    const values = new Float32Array(new SharedArrayBuffer(rows * 4));
    for (let r = 0; r < rows; r++) {
      const x = random.nextFloat() + random.nextFloat() - 1;
      values[r] = c % 4 === 1 ? Math.round(x * 5) : c % 4 === 2 && r % 11 === 0 ? Number.NaN : x;
    }
    return { values, rows: null };
  });
  const label = Float32Array.from({ length: rows }, (_, r) => {
    const [a, b] = [made[0]!.values[r]!, made[1]!.values[r]!];
    return a * b + random.nextFloat() - 0.5;
  });
  return { columns: made, label };
}

const params = { objective: 'mse', num_leaves: 15, learning_rate: 0.3, feature_fraction: 0.8 };

describe('train', () => {
  it('gives the same model on one thread, two and three', async () => {
    const data = makeData(60_000, 40, 5);
    const pool = new WorkerPool(3);
    try {
      const texts: string[] = [];
      for (const threads of [1, 2, 3]) {
        const { booster } = await train({
          params: { ...params, num_threads: threads, bagging_fraction: 0.7, bagging_freq: 2 },
          data,
          rounds: 5,
          valids: [{ name: 'train', data }],
          pool,
        });
        texts.push(booster.toText().replace(/num_threads: \d/, ''));
      }
      expect(texts[1]).toBe(texts[0]);
      expect(texts[2]).toBe(texts[0]);
    } finally {
      await pool.close();
    }
  });

  it('gives the same model with the reference kernels', async () => {
    const data = makeData(1500, 9, 3);
    const all = { ...params, path_smooth: 2, max_delta_step: 0.4, min_data_in_leaf: 5 };
    const [a, b] = await Promise.all(
      (['wasm', 'reference'] as const).map((kernels) => train({ params: all, data, rounds: 6, kernels })),
    );
    expect(a!.booster.toText()).toBe(b!.booster.toText());
  });

  it('does not care how columns are stored', async () => {
    const data = makeData(800, 6, 2);
    const spread = data.columns.map(({ values }) => {
      const wide = new Float32Array(2 * values.length);
      values.forEach((x, i) => {
        wide[2 * i + 1] = x;
      });
      return { values: wide, rows: Uint32Array.from(values, (_, i) => 2 * i + 1) };
    });
    const doubles = data.columns.map(({ values }) => ({ values: Float64Array.from(values), rows: null }));
    const texts = await Promise.all(
      [data.columns, spread, doubles].map(async (columns) => {
        const { booster } = await train({ params, data: { ...data, columns }, rounds: 4 });
        return booster.toText();
      }),
    );
    expect(texts[1]).toBe(texts[0]);
    expect(texts[2]).toBe(texts[0]);
  });

  it('goes on from a model', async () => {
    const data = makeData(900, 5, 4);
    const plain = { ...params, feature_fraction: 1 };
    const first = await train({ params: plain, data, rounds: 3 });
    const raw = first.booster.predict(data.columns, 900, { kind: 'raw' });
    const more = await train({ params: plain, data, rounds: 2, initModel: first.booster });
    expect(more.booster.iterations).toBe(5);
    const straight = await train({ params: plain, data: { ...data, initScore: raw }, rounds: 2 });
    expect(more.booster.model.trees.slice(3)).toEqual(straight.booster.model.trees);
  });

  it('stops early and keeps the trees up to the best iteration', async () => {
    const data = makeData(500, 4, 7);
    const noise = makeData(300, 4, 8);
    const { booster, bestIteration, evals } = await train({
      params: { ...params, num_leaves: 31, min_data_in_leaf: 2 },
      data,
      rounds: 200,
      valids: [{ name: 'valid', data: { ...noise, label: noise.label } }],
      earlyStopping: { rounds: 5 },
    });
    const losses = evals.get('valid')!.get('l2')!;
    expect(bestIteration).toBe(losses.indexOf(Math.min(...losses)) + 1);
    expect(losses.length).toBe(bestIteration + 5);
    expect(booster.iterations).toBe(bestIteration);
  });

  it('reports data that do not fit', async () => {
    const data = makeData(50, 2, 1);
    await expect(train({ params, data: { ...data, label: [] } })).rejects.toThrow(
      'the training data has no rows',
    );
    await expect(
      train({ params, data: { ...data, label: data.label.length ? [1, 2] : [] } }),
    ).rejects.toThrow('the training data has 2 labels, but feature 0 has 50 rows');
    await expect(train({ params, data: { ...data, weight: [1] } })).rejects.toThrow(
      'the training data has 50 labels, but 1 weights',
    );
    await expect(
      train({ params, data, valids: [{ name: 'valid', data: { ...data, columns: data.columns.slice(1) } }] }),
    ).rejects.toThrow('set "valid" has 1 features, expected 2');
  });
});

describe('Booster', () => {
  it('predicts the same after writing and reading', async () => {
    const data = makeData(700, 5, 9);
    const { booster } = await train({ params, data, rounds: 8 });
    const read = Booster.parse(booster.toText());
    expect(read.predict(data.columns, 700)).toEqual(booster.predict(data.columns, 700));
    expect(read.toText()).toBe(booster.toText());
  });

  it('predicts leaves, raw scores and parts of the iterations', async () => {
    const data = makeData(400, 5, 9);
    const { booster } = await train({ params, data, rounds: 4 });
    const leaves = booster.predict(data.columns, 400, { kind: 'leaf' });
    const sums = Float64Array.from({ length: 400 }, (_, r) => {
      let sum = 0;
      booster.model.trees.forEach((tree, t) => {
        sum += tree.leafValue[leaves[4 * r + t]!]!;
      });
      return sum;
    });
    expect(booster.predict(data.columns, 400)).toEqual(sums);
    const firstTwo = booster.predict(data.columns, 400, { iterations: 2 });
    const lastTwo = booster.predict(data.columns, 400, { startIteration: 2 });
    sums.forEach((sum, r) => {
      expect(firstTwo[r]! + lastTwo[r]!).toBeCloseTo(sum, 12);
    });
  });

  it('predicts the same on threads', async () => {
    const data = makeData(30_000, 6, 11);
    const { booster } = await train({ params, data, rounds: 80 });
    const pool = new WorkerPool(2);
    try {
      const score = await predictTogether(booster, data.columns, 30_000, pool);
      expect(score).toEqual(booster.predict(data.columns, 30_000));
    } finally {
      await pool.close();
    }
  });

  it('tells what is wrong with a model file', () => {
    expect(() => Booster.parse('hello')).toThrow(
      'this is no LightGBM model\n  the first line must be "tree", not "hello"',
    );
    expect(() => Booster.parse('tree\nversion=v4\n\n')).toThrow('the model has no line feature_names=');
  });
});
