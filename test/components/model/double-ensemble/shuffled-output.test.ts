import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillLeaves, leafTable } from '../../../../components/model/double-ensemble/leaf-table.ts';
import { lossCurveEnds } from '../../../../components/model/double-ensemble/loss-curve.ts';
import { shares } from '../../../../components/model/double-ensemble/sample-weights.ts';
import { ShuffledOutput } from '../../../../components/model/double-ensemble/shuffled-output.ts';
import { train } from '../../../../components/model/gbdt/index.ts';

const length = 700;

/** Numbers from a seed, some missing, some of few values. */
function column(seed: number, few: boolean): Float32Array {
  let state = seed * 2654435761;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const x = (state >>> 8) / 2 ** 24;
    return x < 0.05 ? Number.NaN : few ? Math.round(x * 4) : x;
  });
}

async function walked(params: Record<string, unknown>, rounds = 12) {
  const columns = [1, 2, 3, 4, 5].map((seed) => ({ values: column(seed, seed > 3), rows: null }));
  const at = (f: number, i: number) => columns[f]!.values[i]! || 0;
  const label = Float32Array.from({ length }, (_, i) => at(0, i) * at(1, i) + 0.3 * at(3, i) - at(2, i));
  const given = { objective: 'mse', min_data_in_leaf: 5, num_leaves: 9, verbosity: -1, ...params };
  const { booster } = await train({ params: given, data: { columns, label }, rounds });
  const table = await leafTable(booster.model, columns, length, undefined);
  const plain = booster.predict(columns, length);
  return { booster, columns, label, own: { model: booster.model, columns, table, plain } };
}

const models = {
  trees: {},
  'a random forest': { boosting: 'rf', bagging_freq: 1, bagging_fraction: 0.6 },
  'square roots of labels': { reg_sqrt: true },
  categories: { categorical_feature: '3,4' },
};

describe('leafTable', () => {
  it('holds what predict says of leaves, also beyond 256 of them', async () => {
    for (const num_leaves of [9, 600]) {
      const { booster, columns, own } = await walked({ num_leaves, min_data_in_leaf: 1 }, 3);
      expect([...own.table.leaves]).toEqual([...booster.predict(columns, length, { kind: 'leaf' })]);
    }
  });

  it('is filled by parts', async () => {
    const { own } = await walked({});
    const table = { ...own.table, leaves: new Uint8Array(own.table.leaves.length) };
    for (const [from, to] of [
      [300, length],
      [0, 300],
    ] as const)
      fillLeaves({ ...own, table, from, to });
    expect(table.leaves).toEqual(Uint8Array.from(own.table.leaves));
  });
});

describe('ShuffledOutput', () => {
  for (const [name, params] of Object.entries(models))
    it(`is what ${name} predict of the changed columns, to the bit`, async () => {
      const { booster, columns, own } = await walked(params);
      fc.assert(
        fc.property(
          fc.integer({ min: 0, max: 4 }),
          fc.integer({ min: 1, max: 2 ** 20 }),
          fc.integer({ min: 0, max: length }),
          (feature, seed, from) => {
            const values = column(seed, feature > 2);
            const changed = columns.with(feature, { values, rows: null });
            const out = new Float64Array(length - from);
            new ShuffledOutput(own, feature).into(out, values, from, length);
            expect(out).toEqual(booster.predict(changed, length).slice(from));
          },
        ),
        { numRuns: 30 },
      );
    });

  it('leaves a model as it is that does not have the feature', async () => {
    const { own } = await walked({});
    const out = new Float64Array(length);
    new ShuffledOutput(own, -1).into(out, column(9, false), 0, length);
    expect(out).toEqual(own.plain);
  });
});

describe('lossCurveEnds', () => {
  it('ranks losses after the first and the last tenth of iterations', async () => {
    const { booster, columns, label, own } = await walked({}, 20);
    const ranks = (iterations: number) => {
      const score = booster.predict(columns, length, { iterations });
      return shares(score.map((x, i) => (label[i]! - x) ** 2));
    };
    const mean = (a: Float64Array, b: Float64Array) => a.map((x, i) => (x + b[i]!) / 2);
    const { early, late } = lossCurveEnds(own, label);
    expect(early).toEqual(mean(ranks(1), ranks(2)));
    expect(late).toEqual(mean(ranks(19), ranks(20)));
  });

  it('takes one iteration at least', async () => {
    const { own, label } = await walked({}, 1);
    const { early, late } = lossCurveEnds(own, label);
    expect(late).toEqual(early);
  });
});
