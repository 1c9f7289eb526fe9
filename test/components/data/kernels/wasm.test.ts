import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Arithmetic, Comparison, Mode } from '../../../../components/data/kernels/element.ts';
import type { Kernels, VarianceLane } from '../../../../components/data/kernels/kernels.ts';
import { referenceKernels } from '../../../../components/data/kernels/reference.ts';
import { wasmKernels } from '../../../../components/data/kernels/wasm.ts';

const rows = 200;
const column = 8 * (rows + 8);
const at = (k: number) => 1024 + k * column;
const bytes = at(16);
const work = at(10);
const wasm = wasmKernels(bytes);
const reference = referenceKernels(new ArrayBuffer(wasm.buffer.byteLength));

/** Values that windows meet: repeated, missing, of very different size; all are float32, as in a bin. */
const value = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -20, max: 200 }).map((v) => Math.fround(v / 7)) },
  {
    weight: 2,
    arbitrary: fc.float({
      noDefaultInfinity: true,
      noNaN: true,
      min: Math.fround(-1e9),
      max: Math.fround(1e9),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, 1, 1e-30, 3e38) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);
const wild = fc.oneof(
  { weight: 9, arbitrary: value },
  { weight: 1, arbitrary: fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-42) },
);
const series = (of: fc.Arbitrary<number>) => fc.array(of, { minLength: 1, maxLength: rows });
const window = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(60, 2 ** 31 - 1));

/** Runs the same call on both makes of the kernels and compares every byte of the outputs. */
function agree(
  x: readonly number[],
  y: readonly number[],
  outputs: readonly number[],
  narrow: boolean,
  call: (k: Kernels, n: number) => void,
): void {
  const n = x.length;
  for (const kernels of [wasm, reference]) {
    new Uint8Array(kernels.buffer).fill(0xa5);
    const make = narrow ? Float32Array : Float64Array;
    new make(kernels.buffer, at(0), n).set(x);
    new make(kernels.buffer, at(1), n).set(y.slice(0, n));
    call(kernels, n);
  }
  for (const output of outputs) {
    const ours = new Float64Array(wasm.buffer, at(output), n);
    const theirs = new Float64Array(reference.buffer, at(output), n);
    if (narrow)
      expect(Array.from(new Float32Array(wasm.buffer, at(output), 2 * n))).toEqual(
        Array.from(new Float32Array(reference.buffer, at(output), 2 * n)),
      );
    else
      for (let i = 0; i < n; i++)
        if (!Object.is(ours[i], theirs[i]))
          throw new Error(`output ${output}, row ${i}: wasm ${ours[i]}, reference ${theirs[i]}`);
  }
}

/** Columns of different length that end on the same day. */
function lanes(n: number, w: number): VarianceLane[] {
  const lane = (x: number, variance: number, deviation: number, skipped: number, window: number) => ({
    x: at(x) + 8 * skipped,
    variance: variance === 0 ? 0 : at(variance),
    deviation: deviation === 0 ? 0 : at(deviation),
    n: n - skipped,
    w: window,
  });
  return [lane(0, 2, 3, 0, w), lane(1, 4, 5, n >> 2, 3), lane(0, 6, 0, n >> 1, w), lane(1, 7, 8, 0, 5)];
}

const windows: Readonly<Record<string, (k: Kernels, n: number, w: number) => void>> = {
  sum: (k, n, w) => k.sum(at(0), at(2), n, w),
  mean: (k, n, w) => k.mean(at(0), at(2), n, w),
  count: (k, n, w) => k.count(at(0), at(2), n, w),
  variance: (k, n, w) => k.variance(at(0), at(2), at(3), n, w),
  'two variances': (k, n, w) => k.variances(lanes(n, w).slice(0, 2), work),
  'three variances, the first shorter': (k, n, w) => k.variances(lanes(n, w).slice(1), work),
  'four variances': (k, n, w) => k.variances(lanes(n, w), work),
  'variance alone': (k, n, w) => k.variance(at(0), at(2), 0, n, w),
  skewness: (k, n, w) => k.shape(at(0), at(2), n, w, 3),
  kurtosis: (k, n, w) => k.shape(at(0), at(2), n, w, 4),
  max: (k, n, w) => k.extreme(true, at(0), at(2), at(3), n, w, work),
  min: (k, n, w) => k.extreme(false, at(0), at(2), at(3), n, w, work),
  'place alone': (k, n, w) => k.extreme(true, at(0), 0, at(3), n, w, work),
  regression: (k, n, w) => k.regression(at(0), at(2), at(3), at(4), n, Math.min(w, 1000)),
  'regression so far': (k, n) => k.expandingRegression(at(0), at(2), at(3), at(4), n),
  'drop flat': (k, n) => k.dropFlat(at(0), at(1), at(2), n),
  mad: (k, n, w) => k.mad(at(0), at(2), n, w, work),
  wma: (k, n, w) => k.wma(at(0), at(2), n, w, work),
  'exponential mean': (k, n, w) => k.exponentialMean(at(0), at(2), n, 1 / (1 + Math.min(w, 50))),
  'span mean': (k, n, w) => k.spanMean(at(0), at(2), n, Math.min(w, 50)),
  sorted: (k, n, w) => {
    new Float64Array(k.buffer, work, 4).set([0.8, at(5), 0.33, at(6)]);
    k.sorted(at(0), at(2), at(3), at(4), 2, n, w, work);
  },
};

describe('wasmKernels', () => {
  for (const [name, call] of Object.entries(windows))
    it(`computes ${name} to the bit as the reference`, () => {
      fc.assert(
        fc.property(series(value), series(value), window, (x, y, w) => {
          const second = x.map((_, i) => y[i % y.length]!);
          agree(x, second, [2, 3, 4, 5, 6, 7, 8], false, (k, n) => call(k, n, w));
        }),
        { numRuns: 150 },
      );
    });

  it('computes variances of which nothing but the first row is missing to the bit as the reference', () => {
    const present = value.filter((v) => !Number.isNaN(v));
    fc.assert(
      fc.property(series(present), series(present), fc.integer({ min: 1, max: 12 }), (x, y, w) => {
        const second = x.map((_, i) => (i === 0 ? Number.NaN : y[i % y.length]!));
        agree(x, second, [2, 3, 4, 5, 6, 7, 8], false, (k, n) => k.variances(lanes(n, w), work));
      }),
      { numRuns: 300 },
    );
  });

  it('computes covariances and correlations to the bit as the reference', () => {
    fc.assert(
      fc.property(series(value), series(value), window, (x, y, w) => {
        // both miss the same rows, as the planner sees to
        const second = x.map((v, i) =>
          Number.isNaN(v) || Number.isNaN(y[i % y.length]!) ? Number.NaN : y[i % y.length]!,
        );
        const first = x.map((v, i) => (Number.isNaN(second[i]!) ? Number.NaN : v));
        agree(first, second, [2, 3, 4], false, (k, n) => {
          k.covariance(at(0), at(1), at(2), n, w, work);
          k.variance(at(0), at(3), 0, n, w);
          k.variance(at(1), at(4), 0, n, w);
          k.normalize(at(2), at(3), at(4), n);
        });
        expect(wasm.equal(at(0), at(1), first.length)).toBe(reference.equal(at(0), at(1), first.length));
      }),
      { numRuns: 200 },
    );
  });

  const operations: readonly Arithmetic[] = ['add', 'sub', 'mul', 'div', 'pow', 'max', 'min'];
  const comparisons: readonly Comparison[] = ['gt', 'ge', 'lt', 'le', 'eq', 'ne'];
  const modes: readonly Mode[] = ['vv', 'vs', 'sv'];
  for (const narrow of [true, false]) {
    const type = narrow ? 'float32' : 'float64';
    it(`does arithmetic and comparisons on ${type} to the bit as the reference`, () => {
      fc.assert(
        fc.property(
          series(wild),
          series(wild),
          fc.constantFrom(...operations),
          fc.constantFrom(...comparisons),
          fc.constantFrom(...modes),
          wild,
          (x, y, op, comparison, mode, s) => {
            const second = x.map((_, i) => y[i % y.length]!);
            const scalar = narrow ? Math.fround(s) : s;
            agree(x, second, [2], narrow, (k, n) =>
              (narrow ? k.arithmetic32 : k.arithmetic64)(op, mode, at(0), at(1), scalar, at(2), n),
            );
            agree(x, second, [2], narrow, (k, n) =>
              (narrow ? k.compare32 : k.compare64)(comparison, mode, at(0), at(1), scalar, at(2), n),
            );
          },
        ),
        { numRuns: 500 },
      );
    });
    it(`treats single ${type} columns to the bit as the reference`, () => {
      const calls: readonly ((k: Kernels, n: number, shift: number) => void)[] = narrow
        ? [
            (k, n) => k.widen(at(0), at(2), n),
            (k, n) => k.finite32(at(0), at(2), n),
            (k, n) => k.absolute32(at(0), at(2), n),
            (k, n) => k.sign32(at(0), at(2), n),
            (k, n) => k.logarithm32(at(0), at(2), n),
            (k, n) => k.first32(at(0), at(2), n),
            (k, n, shift) => k.shift32(at(0), at(2), n, shift),
          ]
        : [
            (k, n) => k.narrow(at(0), at(2), n),
            (k, n) => k.finite64(at(0), at(2), n),
            (k, n) => k.absolute64(at(0), at(2), n),
            (k, n) => k.logarithm64(at(0), at(2), n),
            (k, n) => k.invert(at(0), at(2), n),
            (k, n) => k.first64(at(0), at(2), n),
            (k, n, shift) => k.shift64(at(0), at(2), n, shift),
            (k, n) => k.logic(true, at(0), at(1), at(2), n),
            (k, n) => k.logic(false, at(0), at(1), at(2), n),
            (k, n) => k.where64(at(0), at(1), 0, 0, 7, at(2), n),
            (k, n) => k.where32(at(0), 0, 1.5, 0, -2, at(2), n),
          ];
      fc.assert(
        fc.property(series(wild), series(wild), fc.integer({ min: -250, max: 250 }), (x, y, shift) => {
          const second = x.map((_, i) => y[i % y.length]!);
          for (const call of calls) agree(x, second, [2], narrow, (k, n) => call(k, n, shift));
        }),
        { numRuns: 100 },
      );
    });
  }
});
