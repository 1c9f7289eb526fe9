import { describe, expect, it } from 'vitest';
import {
  noiseRandom,
  bestSplitOf as scoredSplitOf,
} from '../../../../components/model/catboost/score-splits.ts';
import { Random } from '../../../../components/model/gbdt/random.ts';
import { binOf, HistEngine } from '../../../../components/model/hist/engine.ts';
import { loadKernels, type RowKernels } from '../../../../components/model/hist/kernels.ts';
import { referenceRowKernels } from '../../../../components/model/hist/reference.ts';
import { bestSplitOf } from '../../../../components/model/xgb/split.ts';

const base = 65_536;
const memoryOf = () => new WebAssembly.Memory({ initial: 8, maximum: 8, shared: true });

/** Runs the same on both sets of kernels over equal memories, which must end equal byte by byte from `from` on. */
function expectEqual(
  fill: (buffer: ArrayBufferLike) => void,
  run: (kernels: RowKernels) => unknown,
  from = base,
) {
  const [ours, reference] = [
    (memory: WebAssembly.Memory) => loadKernels<RowKernels>('hist-rows', memory),
    referenceRowKernels,
  ].map((make) => {
    const memory = memoryOf();
    fill(memory.buffer);
    const result = run(make(memory));
    return { result, bytes: new Uint8Array(memory.buffer).slice(from) };
  });
  expect(ours!.result).toEqual(reference!.result);
  expect(ours!.bytes.findIndex((byte, i) => byte !== reference!.bytes[i])).toBe(-1);
}

describe('the WebAssembly kernels of hist equal the reference', () => {
  for (const [size, add, part] of [
    [1, 'addBytes', 'partBytes'],
    [2, 'addWords', 'partWords'],
  ] as const) {
    it(`${add}: histograms of seven features over more rows than a chunk`, () => {
      const [rows, lanes, bins] = [1500, 7, 20];
      const at = {
        bins: base,
        rows: base + 64_000,
        pairs: base + 72_000,
        offsets: base + 90_000,
        stage: base + 100_000,
        out: base + 200_000,
      };
      expectEqual(
        (buffer) => {
          const random = new Random(size);
          const cells = size === 1 ? new Uint8Array(buffer, at.bins) : new Uint16Array(buffer, at.bins);
          for (let i = 0; i < rows * 16; i++) cells[i] = random.nextShort(0, bins);
          const list = new Uint32Array(buffer, at.rows, rows);
          for (let i = 0; i < rows; i++) list[i] = rows - 1 - i;
          const pairs = new Float32Array(buffer, at.pairs, 2 * rows);
          for (let i = 0; i < pairs.length; i++) pairs[i] = random.nextFloat() - 0.5;
          for (let k = 0; k < lanes; k++) new Uint32Array(buffer, at.offsets)[k] = k * bins * 16;
        },
        (kernels) =>
          kernels[add](at.bins, 16 * size, at.rows, rows, at.pairs, at.offsets, lanes, at.stage, at.out),
        at.out,
      );
    });
    it(`${part}: both sides keep the order of the rows, missing ones go where they are told`, () => {
      for (const missingLeft of [false, true]) {
        const at = { bins: base, rows: base + 20_000, right: base + 40_000 };
        const memory = memoryOf();
        const lists = [loadKernels<RowKernels>('hist-rows', memory), referenceRowKernels(memory)].map(
          (kernels) => {
            const cells =
              size === 1 ? new Uint8Array(memory.buffer, at.bins) : new Uint16Array(memory.buffer, at.bins);
            const source = new Random(9);
            for (let i = 0; i < 2000; i++) cells[i] = source.nextShort(0, 30);
            const rows = new Uint32Array(memory.buffer, at.rows, 1001);
            for (let i = 0; i < 1000; i++) rows[i] = i;
            const lefts = kernels[part](
              at.bins,
              2 * size,
              11,
              29,
              missingLeft,
              at.rows,
              1000,
              at.rows,
              at.right,
            );
            const right = new Uint32Array(memory.buffer, at.right, 1000 - lefts);
            return [lefts, [...rows.slice(0, lefts)], [...right]];
          },
        );
        expect(lists[0]).toEqual(lists[1]);
      }
    });
  }
});

describe('HistEngine', () => {
  it('bins values as binOf does, also beyond 256 bins, with zeros of both signs and missing ones', () => {
    const special = [
      Number.NaN,
      0,
      -0,
      1e-45,
      -1e-45,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      1,
      -1,
    ];
    const random = new Random(5);
    const values = new Float32Array(new SharedArrayBuffer(4 * 6000)).map(
      (_, i) => special[i % 60] ?? random.nextFloat() * 4 - 2,
    );
    const column = new Float32Array(new SharedArrayBuffer(4 * values.length));
    column.set(values);
    const thresholds = (count: number) =>
      Float32Array.from({ length: count }, (_, i) => (i - Math.floor(count / 2)) / (count / 3));
    const binnings = [3, 254, 255, 300].flatMap((count) =>
      [true, false].map((reaches) => ({
        thresholds: thresholds(count),
        reaches,
        missing: reaches ? count + 1 : 0,
        bins: count + 2,
      })),
    );
    const columns = binnings.map(() => ({ values: column, rows: null }));
    const memory = new WebAssembly.Memory({ initial: 64, maximum: 64, shared: true });
    const spec = { binnings, length: values.length, threads: 2, slots: 1, ownBytes: 8 };
    const engine = new HistEngine({ memory, spec, columns });
    engine.bin(0);
    engine.bin(1);
    for (const [f, binning] of binnings.entries()) {
      const { at, stride, wide } = engine.layout.features[f]!;
      const bins = wide ? new Uint16Array(memory.buffer) : new Uint8Array(memory.buffer);
      const size = wide ? 2 : 1;
      const own = Array.from(values, (_, i) => bins[(at + i * stride) / size]);
      expect(own, `${binning.thresholds.length} ${binning.reaches}`).toEqual(
        Array.from(values, (v) => binOf(v, binning)),
      );
    }
  });
});

describe('splits in WebAssembly', () => {
  const random = new Random(11);
  const bins = 40;
  const histogram = Float64Array.from({ length: 3 * 2 * bins }, (_, i) =>
    i % 2 === 0 ? random.nextFloat() - 0.4 : random.nextFloat() * 3,
  );
  it('are those of XGBoost in TypeScript', () => {
    const cuts = { cuts: Float32Array.from({ length: bins - 1 }, (_, i) => i), min: -1, missing: true };
    for (const rules of [
      { alpha: 0, lambda: 1, max_delta_step: 0, min_child_weight: 1 },
      { alpha: 0.5, lambda: 2, max_delta_step: 0.3, min_child_weight: 5 },
    ]) {
      const memory = memoryOf();
      const { bestSplit } = loadKernels<{ bestSplit(...args: number[]): void }>('xgb-splits', memory);
      new Float64Array(memory.buffer, base, histogram.length).set(histogram);
      for (let f = 0; f < 3; f++) {
        const own = histogram.subarray(2 * bins * f, 2 * bins * (f + 1));
        const sums = { gradient: 0, hessian: 0 };
        for (let i = 0; i < own.length; i += 2) {
          sums.gradient += own[i]!;
          sums.hessian += own[i + 1]!;
        }
        const expected = bestSplitOf(f, own, cuts, sums, 0.01, rules);
        new Int32Array(memory.buffer, base + 20_000, 3).set([f, f * bins * 16, bins - 1]);
        const { alpha, lambda, max_delta_step, min_child_weight } = rules;
        new Float64Array(memory.buffer, base + 21_000, 7).set([
          alpha,
          lambda,
          max_delta_step,
          min_child_weight,
          sums.gradient,
          sums.hessian,
          0.01,
        ]);
        bestSplit(base + 20_000, 1, base, base + 21_000, base + 22_000);
        const [gain, , bin, fromLeft, gradient, hessian] = new Float64Array(memory.buffer, base + 22_000, 6);
        const near = fromLeft === 1 ? expected.left : expected.right;
        expect([gain, fromLeft === 1 ? bin : bin! - 1, { gradient, hessian }]).toEqual([
          expected.gain,
          expected.bin,
          near,
        ]);
      }
    }
  });
  it('are those of CatBoost in TypeScript, with noise', () => {
    const memory = memoryOf();
    const { bestBorder } = loadKernels<{ bestBorder(...args: (number | boolean)[]): void }>(
      'cat-scores',
      memory,
    );
    const second = histogram.map((x, i) => (i % 2 === 0 ? -x / 2 : x));
    new Float64Array(memory.buffer, base, histogram.length).set(histogram);
    new Float64Array(memory.buffer, base + 8192, histogram.length).set(second);
    new Uint32Array(memory.buffer, base + 20_000, 9).set(
      [0, 1, 2].flatMap((f) => [f, f * bins * 16, bins - 1]),
    );
    new Uint32Array(memory.buffer, base + 20_100, 2).set([base, base + 8192]);
    const starts = Int32Array.of(0, bins, 2 * bins, 3 * bins);
    for (const cosine of [true, false])
      for (let k = 0; k < 20; k++) {
        const rules = { cosine, l2: 3, noise: k === 0 ? 0 : 0.2 };
        const expected = scoredSplitOf(
          [0, 1, 2],
          [histogram, second],
          starts,
          noiseRandom([7, 0xffffffff], k),
          rules,
        );
        const low = 0xffffffff + k;
        bestBorder(
          base + 20_000,
          3,
          base + 20_100,
          2,
          low > 0xffffffff ? 8 : 7,
          low,
          3,
          rules.noise,
          cosine,
          base + 30_000,
          base + 40_000,
        );
        const [score, feature, bin] = new Float64Array(memory.buffer, base + 40_000, 3);
        expect({ feature, bin, score }).toEqual(expected);
      }
  });
});
