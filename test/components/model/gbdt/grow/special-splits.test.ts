import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WorkerPool } from '../../../../../components/core/workers.ts';
import { Booster, type TrainingData, train } from '../../../../../components/model/gbdt/index.ts';
import { makeCase } from '../made-data.ts';

const grown = async (params: Record<string, unknown>, data: TrainingData = makeCase(700, 3, 'real')) =>
  (await train({ params: { num_leaves: 15, min_data_in_leaf: 5, ...params }, data, rounds: 12 })).booster;

describe('special splits', () => {
  it('make the same trees on one thread and on two, with both sets of kernels', async () => {
    const { columns, label, weight } = makeCase(60_000, 3, 'real');
    const wide = Array.from({ length: 40 }, (_, f) => columns[f % 8]!);
    const params = {
      categorical_feature: [1, 9],
      max_bin: 400,
      monotone_constraints: wide.map((_, f) => (f % 8 === 0 ? 1 : 0)),
      num_leaves: 15,
    };
    const pool = new WorkerPool(2);
    try {
      const more = {
        monotone_constraints_method: 'advanced',
        extra_trees: true,
        cegb_penalty_split: 1e-5,
        max_bin: 255,
      };
      for (const given of [params, { ...params, ...more }]) {
        const texts: string[] = [];
        for (const num_threads of [1, 2]) {
          const data = { columns: wide, label, weight };
          const { booster } = await train({ params: { ...given, num_threads }, data, rounds: 3, pool });
          texts.push(booster.toText().replace(/num_threads: \d/, ''));
        }
        expect(texts[1]).toBe(texts[0]);
      }
    } finally {
      await pool.close();
    }
    const small = makeCase(900, 4, 'real');
    const [wasm, reference] = await Promise.all(
      (['wasm', 'reference'] as const).map((kernels) =>
        train({ params: { categorical_feature: [1], max_bin: 400 }, data: small, rounds: 4, kernels }),
      ),
    );
    expect(wasm!.booster.toText()).toBe(reference!.booster.toText());
  });

  for (const method of ['basic', 'intermediate', 'advanced'])
    it(`gives monotone predictions (${method})`, async () => {
      const data = makeCase(700, 3, 'real');
      const booster = await grown(
        { monotone_constraints: [1, 0, -1, 0, 0, 0, 0, 0], monotone_constraints_method: method },
        data,
      );
      for (const [f, sign] of [
        [0, 1],
        [2, -1],
      ] as const)
        for (let row = 0; row < 40; row++) {
          const values = Array.from({ length: 60 }, (_, i) => -1.2 + i * 0.04);
          const columns = data.columns.map(({ values: own }, c) => ({
            values: Float32Array.from(values, (x) => (c === f ? x : own[row]!)),
            rows: null,
          }));
          const predicted = booster.predict(columns, values.length);
          for (let i = 1; i < values.length; i++)
            expect(sign * (predicted[i]! - predicted[i - 1]!)).toBeGreaterThanOrEqual(-1e-12);
        }
    });

  it('sends categories that it has not seen, negative ones and NaN to the right', async () => {
    const { columns, label } = makeCase(700, 3, 'real');
    const sector = Float32Array.from({ length: 700 }, (_, r) => (r * 7919) % 12);
    const data = {
      columns: [...columns, { values: sector, rows: null }],
      label: Float32Array.from(label, (y, r) => y + (sector[r]! % 3)),
    };
    const params = { categorical_feature: [8], min_data_per_group: 5, cat_smooth: 1 };
    const booster = await grown(params, data);
    expect(booster.importance('split')[8]).toBeGreaterThan(5);
    const odd = [-1, -0.5, 11.9, 99, 2 ** 31, 2 ** 32 + 3, Number.NaN, Number.POSITIVE_INFINITY];
    const rows = data.columns.map(({ values }, c) => ({
      values: Float64Array.from(odd, (x) => (c === 8 ? x : values[0]!)),
      rows: null,
    }));
    const predicted = booster.predict(rows, odd.length);
    const unknown = predicted[3];
    for (const i of [0, 4, 5, 6, 7]) expect(predicted[i]).toBe(unknown);
    // as C casts to int: -0.5 is category 0, 11.9 is 11
    const whole = rows.map(({ values }, c) => ({
      values: c === 8 ? Float64Array.of(0, 11) : values,
      rows: null,
    }));
    expect([...booster.predict(whole, 2)]).toEqual([predicted[1], predicted[2]]);
    const again = Booster.parse(booster.toText());
    expect([...again.predict(rows, odd.length)]).toEqual([...predicted]);
    expect(booster.treeSvg(0)).toContain('Column_8 in ');
    expect(JSON.stringify(booster.dump())).toMatch(/"threshold":"\d+(\|\|\d+)*","decision_type":"=="/);
  });

  it('keeps what Python knows of named categories', async () => {
    const text = (await grown({ categorical_feature: [1] })).toText();
    const named = text.replace('pandas_categorical:null', 'pandas_categorical:[["x", "y"]]');
    const booster = Booster.parse(named);
    expect(booster.toText()).toBe(Booster.parse(text).toText().replace(':null', ':[["x", "y"]]'));
    expect(booster.dump().pandas_categorical).toEqual([['x', 'y']]);
  });

  it('begins every tree with forced splits and keeps forced bounds', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'forced-'));
    const splits = join(folder, 'splits.json');
    const bins = join(folder, 'bins.json');
    writeFileSync(splits, '{"feature": 4, "threshold": 0.25, "right": {"feature": 5, "threshold": 0}}');
    writeFileSync(bins, '[{"feature": 4, "bin_upper_bound": [0.25, 0.5]}]');
    const booster = await grown({ forcedsplits_filename: splits, forcedbins_filename: bins, max_bin: 63 });
    for (const { splitFeature, threshold, rightChild } of booster.model.trees) {
      expect([splitFeature[0], threshold[0]]).toEqual([4, 0.25]);
      expect(splitFeature[rightChild[0]!]).toBe(5);
    }
    writeFileSync(bins, '{}');
    await expect(grown({ forcedbins_filename: bins })).rejects.toThrow('bins.json: no list');
    await expect(grown({ forcedsplits_filename: join(folder, 'none.json') })).rejects.toThrow('ENOENT');
  });

  it('says what does not fit', async () => {
    const wrong = (params: Record<string, unknown>) => expect(grown(params)).rejects;
    await wrong({ monotone_constraints: [1, 0] }).toThrow(
      'monotone_constraints has 2 numbers for 8 features',
    );
    await wrong({ monotone_constraints: [2, 0, 0, 0, 0, 0, 0, 0] }).toThrow('monotone_constraints has 2');
    await wrong({ monotone_constraints: [1, 0, 0, 0, 0, 0, 0, 0], objective: 'l1' }).toThrow(
      'monotone_constraints with objective regression_l1',
    );
    await wrong({ monotone_constraints: [1, 0, 0, 0, 0, 0, 0, 0], categorical_feature: [0] }).toThrow(
      'column 0 is categorical and monotone',
    );
    await wrong({ categorical_feature: ['Column_11'] }).toThrow('unknown column "Column_11"');
    await wrong({ categorical_feature: '8' }).toThrow('categorical_feature 8 of 8 columns');
    await wrong({ max_bin: 70_000 }).toThrow('max_bin is 70000');
    await wrong({ linear_tree: true }).toThrow('linear_tree: true is not supported');
  });
});
