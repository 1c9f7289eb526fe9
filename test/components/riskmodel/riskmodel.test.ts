import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { correlationOf, diagonalOf, mapMatrix, sumOf, zeros } from '../../../components/riskmodel/matrix.ts';
import { POETCovEstimator } from '../../../components/riskmodel/poet.ts';
import { ShrinkCovEstimator } from '../../../components/riskmodel/shrink.ts';
import { composed, StructuredCovEstimator } from '../../../components/riskmodel/structured.ts';
import type { DenseMatrix, RiskModel } from '../../../components/riskmodel/types.ts';
import { testContext } from '../backtest/context.ts';
import { market, weekdays } from '../backtest/market.ts';

type Figures = Readonly<Record<'trace' | 'sum' | 'norm' | 'first' | 'corner' | 'last', number>>;
interface Literals {
  readonly [name: string]: Figures;
}

/** qlib 0.9.7 with scikit-learn: test/parity/riskmodel_literals.py. */
const literals = JSON.parse(readFileSync(new URL('./literals.json', import.meta.url), 'utf8')) as Literals & {
  readonly parts: unknown;
};
const context = testContext({ data: market(weekdays('2020-01-01', 2), {}) });

/** As in riskmodel_literals.py. */
function returns(rows: number, columns: number): DenseMatrix {
  return mapMatrix(zeros(rows, columns), (_, t, j) => {
    const all = Math.sin(1.7 * t) + Math.cos(0.37 * t * t);
    const own = Math.sin(12.9898 * (t + 1) * (j + 1) + 78.233 * (j + 1)) * (1 + 0.2 * j);
    return 0.01 * (all * (0.5 + 0.1 * j) + own);
  });
}

const tall = returns(40, 7);
const wide = returns(12, 20);
const gaps = mapMatrix(tall, (x, t, j) =>
  (j === 1 && (t === 3 || t === 4)) || (j === 0 && t === 10) ? Number.NaN : x,
);

function figures({ rows: n, values }: DenseMatrix): Figures {
  return {
    trace: sumOf(diagonalOf({ rows: n, columns: n, values })),
    sum: sumOf(values),
    norm: Math.sqrt(sumOf(values.map((v) => v * v))),
    first: values[0]!,
    corner: values[n - 1]!,
    last: values[n * n - 2]!,
  };
}

function expectClose(ours: Figures, theirs: Figures, tolerance = 1e-9): void {
  for (const name of ['trace', 'sum', 'norm', 'first', 'corner', 'last'] as const)
    expect(Math.abs(ours[name] - theirs[name]), name).toBeLessThanOrEqual(tolerance * theirs.norm);
}

const made = (definition: { create: (options: never, c: typeof context) => unknown }, options: object) =>
  definition.create(options as never, context) as RiskModel;
const noPrices = { isPrice: false };

describe('ShrinkCovEstimator', () => {
  for (const target of ['const_var', 'const_corr', 'single_factor'])
    for (const [alpha, name, data] of [
      ['lw', `shrink lw ${target}`, tall],
      [0.3, `shrink 0.3 ${target}`, tall],
      ['lw', `shrink lw ${target} wide`, wide],
    ] as const)
      it(`gives qlib's ${name}`, () => {
        expectClose(
          figures(made(ShrinkCovEstimator, { alpha, target }).covariance(data, noPrices)),
          literals[name]!,
        );
      });

  it.each([
    ['shrink oas const_var', { alpha: 'oas' }, tall],
    ['shrink 0.0 const_var fill', { alpha: 0, nan_option: 'fill' }, gaps],
    ['shrink 0.0 const_var mask', { alpha: 0, nan_option: 'mask' }, gaps],
    ['shrink lw const_var mask', { alpha: 'lw', nan_option: 'mask' }, gaps],
    ['shrink lw single_factor mask', { alpha: 'lw', target: 'single_factor', nan_option: 'mask' }, gaps],
    [
      'shrink lw const_var centered unscaled',
      { alpha: 'lw', assume_centered: true, scale_return: false },
      tall,
    ],
  ] as const)("gives qlib's %s", (name, options, data) => {
    expectClose(figures(made(ShrinkCovEstimator, options).covariance(data, noPrices)), literals[name]!);
  });

  it('reads prices, and its covariance makes correlations', () => {
    let price = zeros(1, 7).values.fill(10);
    const prices = mapMatrix(tall, () => 0);
    for (let t = 0; t < 40; t++) {
      price = price.map((p, j) => p * (1 + tall.values[t * 7 + j]!));
      prices.values.set(price, t * 7);
    }
    expectClose(figures(made(ShrinkCovEstimator, { alpha: 'lw' }).covariance(prices)), literals['prices']!);
    const covariance = made(ShrinkCovEstimator, { alpha: 0.3, target: 'const_corr' }).covariance(
      tall,
      noPrices,
    );
    expectClose(figures(correlationOf(covariance)), literals['shrink 0.3 const_corr correlation']!);
  });

  it('takes a matrix as target, and keeps NaN visible where nothing is done about it', () => {
    const zero = Array.from({ length: 7 }, () => Array.from({ length: 7 }, () => 0));
    const half = made(ShrinkCovEstimator, { alpha: 0.5, target: zero }).covariance(tall, noPrices);
    const sample = made(ShrinkCovEstimator, {}).covariance(tall, noPrices);
    expect(half.values[3]).toBeCloseTo(sample.values[3]! / 2, 12);
    expect(Number.isNaN(made(ShrinkCovEstimator, {}).covariance(gaps, noPrices).values[0]!)).toBe(true);
  });
});

describe('POETCovEstimator', () => {
  for (const thresh_method of ['soft', 'hard', 'scad'])
    for (const num_factors of [0, 2])
      it(`gives qlib's covariance, ${num_factors} factors, ${thresh_method}`, () => {
        const model = made(POETCovEstimator, { num_factors, thresh: 0.5, thresh_method });
        expectClose(
          figures(model.covariance(tall, noPrices)),
          literals[`poet ${num_factors} ${thresh_method}`]!,
        );
      });

  it('gives it with more variables than observations', () => {
    const model = made(POETCovEstimator, { num_factors: 3 });
    expectClose(figures(model.covariance(wide, noPrices)), literals['poet 3 soft wide']!);
  });
});

describe('StructuredCovEstimator', () => {
  for (const factor_model of ['pca', 'fa'])
    it.each([
      [`structured ${factor_model} 3`, 3, tall, {}],
      [`structured ${factor_model} 2 gaps`, 2, gaps, {}],
      [`structured ${factor_model} 3 wide`, 3, wide, {}],
      [`structured ${factor_model} 3 centered`, 3, tall, { assume_centered: true }],
    ] as const)("gives qlib's %s", (name, num_factors, data, options) => {
      const model = made(StructuredCovEstimator, { factor_model, num_factors, ...options });
      expectClose(figures(model.covariance(data, noPrices)), literals[name]!, 1e-8);
    });

  it("gives qlib's parts, which make the covariance", () => {
    const model = made(StructuredCovEstimator, { num_factors: 3 });
    const parts = model.decompose!(tall, noPrices);
    const { exposure, factors, residual } = literals.parts as {
      exposure: number[][];
      factors: number[][];
      residual: number[];
    };
    const close = (ours: Float64Array, theirs: number[]) =>
      theirs.forEach((value, i) => {
        expect(ours[i]).toBeCloseTo(value, 9);
      });
    close(parts.exposure.values, exposure.flat());
    close(parts.factorCovariance.values, factors.flat());
    close(parts.residualVariance, residual);
    expectClose(figures(composed(parts)), literals['structured pca 3']!);
  });
});
