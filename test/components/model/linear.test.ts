import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../components/core/log.ts';
import type { Panel } from '../../../components/core/panel.ts';
import type { Dataset, Reweighter } from '../../../components/dataset/types.ts';
import { LinearModel, type LinearModelOptions } from '../../../components/model/linear.ts';
import { testContext } from '../dataset/context.ts';
import { panelOf, valuesOf } from '../dataset/panels.ts';

const x = [
  [1, 2, 3, 4, 5, 0],
  [2, 1, 0, 3, 1, 2],
  [0, 1, 1, 2, 0, 5],
];
const y = [1, 2, 2, 5, 3, 1];
const names = ['A', 'B', 'C'];

function panel(columns: readonly (readonly number[])[], label: readonly number[]): Panel {
  const labels = Object.fromEntries(columns.map((values, j) => [`feature.F${j}`, values]));
  return panelOf(label.length / names.length, names, { ...labels, 'label.L': label });
}

function datasetOf(train: Panel, valid?: Panel): Dataset {
  const segments = new Map([['train', train], ...(valid ? [['valid', valid] as const] : [])]);
  return {
    segments,
    prepare: async (name: string, { colSet }: { colSet: readonly string[] }) => {
      const found = segments.get(name) ?? train;
      return found.select(({ group }) => colSet.includes(group!));
    },
  } as unknown as Dataset;
}

async function fitted(
  options: LinearModelOptions,
  {
    columns = x,
    label = y,
    reweighter,
  }: { columns?: number[][]; label?: number[]; reweighter?: Reweighter } = {},
): Promise<LinearModel> {
  const model = new LinearModel(options);
  await model.fit(datasetOf(panel(columns, label)), { log: silentLog, reweighter });
  return model;
}

function expectCoefficients(model: LinearModel, coef: readonly number[], intercept = 0, digits = 9): void {
  coef.forEach((w, j) => {
    expect(model.fitted!.coef[j]).toBeCloseTo(w, digits);
  });
  expect(model.fitted!.intercept).toBeCloseTo(intercept, digits);
}

const weights: Reweighter = { reweight: () => Float64Array.of(1, 2, 1, 1, 0.5, 3) };

describe('LinearModel without a label', () => {
  it('says what it needs, as other models do', async () => {
    const unlabelled = panel(x, y).select(({ group }) => group === 'feature');
    await expect(new LinearModel({}).fit(datasetOf(unlabelled), { log: silentLog })).rejects.toMatchObject({
      name: 'UserError',
      problem: 'LinearModel learns one label, the dataset has 0',
      hint: 'let the handler make one label',
    });
  });
});

// the expected figures: scikit-learn 1.9.1 and scipy 1.17.1 on the same matrix in float64
describe('LinearModel', () => {
  it('ols', async () => {
    expectCoefficients(await fitted({}), [0.6258426966292134, 0.5062921348314602, 0.0728089887640449]);
    expectCoefficients(
      await fitted({ fit_intercept: true }),
      [0.7823984526112195, 0.6431334622823981, 0.1818181818181821],
      -0.8600902643455854,
    );
  });

  it('ols takes the smallest of many solutions', async () => {
    const sum = x[0]!.map((a, i) => a + x[1]![i]!);
    expectCoefficients(
      await fitted({}, { columns: [...x, sum] }),
      [0.2484644194756553, 0.12891385767790264, 0.0728089887640449, 0.3773782771535578],
    );
  });

  it('ridge', async () => {
    expectCoefficients(
      await fitted({ estimator: 'ridge', alpha: 0.5, fit_intercept: true }),
      [0.7500503524672713, 0.5881168177240684, 0.17039274924471318],
      -0.6795568982880176,
    );
  });

  it('ridge with row weights', async () => {
    expectCoefficients(
      await fitted({ estimator: 'ridge', alpha: 0.5 }, { reweighter: weights }),
      [0.6916633750155564, 0.4592637884108628, 0.038460914123077214],
    );
    expectCoefficients(
      await fitted({ estimator: 'ridge', alpha: 0.5, fit_intercept: true }, { reweighter: weights }),
      [0.8095007115254274, 0.5484238828408335, 0.1194270533852871],
      -0.5917675062559635,
    );
  });

  it('lasso stops where scikit-learn stops', async () => {
    expectCoefficients(
      await fitted({ estimator: 'lasso', alpha: 0.1, fit_intercept: true }),
      [0.7104318297755221, 0.5491465905296379, 0.1272622466293559],
      -0.45735949684396227,
    );
    expectCoefficients(
      await fitted({ estimator: 'lasso', alpha: 0.1 }, { reweighter: weights }),
      [0.690562637334247, 0.43688641565333125, 0.03890093469706961],
    );
  });

  it('nnls', async () => {
    expectCoefficients(
      await fitted({ estimator: 'nnls' }, { label: y.map((v) => v - 2) }),
      [0.2909090909090908, 0, 0],
    );
    expectCoefficients(
      await fitted({ estimator: 'nnls', fit_intercept: true }),
      [0.6258426966292134, 0.5062921348314605, 0.0728089887640451],
      0,
    );
    await expect(fitted({ estimator: 'nnls' }, { reweighter: weights })).rejects.toThrow(
      'nnls knows no row weights',
    );
  });

  it('nnls is optimal: no coefficient is negative, and no gradient leads to a better one', async () => {
    const cell = fc.integer({ min: -9, max: 9 });
    const column = fc.array(cell, { minLength: 12, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(column, { minLength: 4, maxLength: 4 }), column, async (columns, label) => {
        const { coef } = (await fitted({ estimator: 'nnls' }, { columns, label })).fitted!;
        const rest = label.map((v, i) => v - columns.reduce((s, c, j) => s + coef[j]! * c[i]!, 0));
        columns.forEach((c, j) => {
          const gradient = c.reduce((s, v, i) => s + v * rest[i]!, 0);
          expect(coef[j]!).toBeGreaterThanOrEqual(0);
          expect(gradient).toBeLessThan(1e-7);
          if (coef[j]! > 0) expect(Math.abs(gradient)).toBeLessThan(1e-7);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('leaves rows with a missing cell out, and learns from valid when asked', async () => {
    const gap = [...y.slice(0, 5), Number.NaN];
    const five = (await fitted({}, { label: gap })).fitted!.coef;
    const columns = x.map((c) => [...c.slice(0, 5), Number.NaN]);
    expect((await fitted({}, { columns })).fitted!.coef).toEqual(five);
    const model = new LinearModel({ include_valid: true });
    const halves = [0, 3].map((from) =>
      panel(
        x.map((c) => c.slice(from, from + 3)),
        y.slice(from, from + 3),
      ),
    );
    await model.fit(datasetOf(halves[0]!, halves[1]!), { log: silentLog });
    expectCoefficients(model, [0.6258426966292134, 0.5062921348314602, 0.0728089887640449]);
  });

  it('predicts, and does so again from its state', async () => {
    const model = await fitted({ fit_intercept: true });
    const score = await model.predict(datasetOf(panel(x, y)));
    expect(valuesOf(score, 'score')[0]).toBeCloseTo(
      1 * 0.7823984526112195 + 2 * 0.6431334622823981 - 0.8600902643455854,
      9,
    );
    const again = await LinearModel.restore(model.state()).predict(datasetOf(panel(x, y)));
    expect(again).toEqual(score);
  });

  it('refuses a penalty where there is none, and data without a row', async () => {
    expect(() => new LinearModel({ estimator: 'ols', alpha: 0.1 })).toThrow(
      'alpha is 0.1, but the estimator ols has no penalty\n  leave alpha out, or take ridge or lasso',
    );
    await expect(fitted({}, { label: y.map(() => Number.NaN) })).rejects.toThrow(
      'no row of the segment train has all features and a label',
    );
    await expect(
      testContext().build('model', { class: 'LinearModel', kwargs: { estimator: 'nosuch' } }, []),
    ).rejects.toThrow('must be equal to one of the allowed values');
  });
});
