import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floatKey, keyOfBound } from '../../../../components/model/gbdt/engine/float-key.ts';
import { Child, Feature, Found, Job } from '../../../../components/model/gbdt/engine/job.ts';
import { type Kernels, wasmKernels } from '../../../../components/model/gbdt/engine/kernels.ts';
import { referenceKernels } from '../../../../components/model/gbdt/engine/reference/kernels.ts';
import { Random } from '../../../../components/model/gbdt/random.ts';

const base = 65_536;

/** Runs the same on both sets of kernels over equal memories, which must end equal byte by byte. */
function expectEqual(
  fill: (buffer: ArrayBufferLike) => void,
  run: (kernels: Kernels) => void,
  working?: { from: number; to: number },
): void {
  const results = [wasmKernels, referenceKernels].map((make) => {
    const memory = new WebAssembly.Memory({ initial: 32, maximum: 64, shared: true });
    fill(memory.buffer);
    run(make(memory));
    if (working) new Uint8Array(memory.buffer, working.from, working.to - working.from).fill(0);
    return new Uint8Array(memory.buffer).slice(base);
  });
  const differs = results[0]!.findIndex((byte, i) => byte !== results[1]![i]);
  expect(differs, 'first byte that differs').toBe(-1);
}

describe('the WebAssembly kernels equal the reference', () => {
  it('sorting floats', () => {
    const random = new Random(1);
    const values = Float32Array.from({ length: 5000 }, (_, i) =>
      i % 7 === 0 ? -(i % 5) - 1 : (random.nextFloat() - 0.5) * 10 ** random.nextShort(-30, 30),
    );
    const sortedBy = (make: (memory: WebAssembly.Memory) => Kernels) => {
      const memory = new WebAssembly.Memory({ initial: 32, maximum: 64, shared: true });
      new Float32Array(memory.buffer, base, 5000).set(values);
      make(memory).sortFloats(base, base + 20_000, 5000, base + 40_000);
      return new Float32Array(memory.buffer, base, 5000).slice();
    };
    expect(sortedBy(wasmKernels)).toEqual(values.slice().sort());
    expect(sortedBy(referenceKernels)).toEqual(values.slice().sort());
  });

  it('binning floats', () => {
    const random = new Random(2);
    const special = [Number.NaN, 0, -0, 1e-40, -1e-40, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const values = Float32Array.from(
      { length: 2000 },
      (_, i) => special[i % 50] ?? random.nextFloat() * 4 - 2,
    );
    expectEqual(
      (buffer) => {
        new Float32Array(buffer, base, 2000).set(values);
        const keys = new Int32Array(buffer, base + 8000, 272).fill(0x7fffffff);
        for (let b = 0; b < 200; b++) keys[b] = keyOfBound((b - 100) / 60);
        for (let k = 0; k < 16; k++) keys[256 + k] = keys[16 * k + 15]!;
      },
      (kernels) => kernels.binFloats(base, 2000, base + 8000, 201, base + 20_000, 3),
    );
  });

  it('adding and finishing histograms', () => {
    const rules = fc.record({
      seed: fc.nat(1e6),
      rows: fc.integer({ min: 1, max: 3000 }),
      l1: fc.constantFrom(0, 0, 3),
      l2: fc.constantFrom(0, 1),
      maxDelta: fc.constantFrom(0, 0, 0.2),
      smooth: fc.constantFrom(0, 0, 5),
      minRows: fc.constantFrom(1, 20),
      constantHessian: fc.boolean(),
      all: fc.boolean(),
      bounds: fc.constantFrom(null, null, [-0.05, 0.4], [0.1, 0.1], [0.2, 0.1]),
      cost: fc.constantFrom(0, 0, 0.01),
      extra: fc.boolean(),
    });
    fc.assert(
      fc.property(rules, (rule) => {
        expectEqual(
          (buffer) => fillLeaf(buffer, rule),
          (kernels) => runLeaf(kernels, rule),
          // the reference needs no stage
          { from: places.stage, to: places.scratch },
        );
      }),
      { numRuns: 60 },
    );
  });
});

interface LeafCase {
  readonly seed: number;
  readonly rows: number;
  readonly l1: number;
  readonly l2: number;
  readonly maxDelta: number;
  readonly smooth: number;
  readonly minRows: number;
  readonly constantHessian: boolean;
  readonly all: boolean;
  /** Smallest and largest output. */
  readonly bounds: readonly number[] | null;
  readonly cost: number;
  /** Only one threshold a feature is looked at. */
  readonly extra: boolean;
}

const places = {
  bins: base,
  pairs: base + 65_536,
  rows: base + 2 * 65_536,
  lanes: base + 3 * 65_536,
  stage: base + 4 * 65_536,
  scratch: base + 6 * 65_536,
  smaller: base + 8 * 65_536,
  larger: base + 10 * 65_536,
  features: base + 12 * 65_536,
  flags: base + 12 * 65_536 + 1024,
  job: base + 13 * 65_536,
  result: base + 13 * 65_536 + 1024,
  only: base + 13 * 65_536 + 2048,
  bounds: base + 13 * 65_536 + 3072,
};
const width = 16;
/** bins, most frequent, default, missing (0 none, 1 zero, 2 NaN) of each feature. */
const features = [
  [200, 90, 90, 0],
  [60, 0, 0, 2],
  [61, 30, 30, 2],
  [2, 1, 0, 0],
  [3, 0, 0, 1],
  [40, 7, 7, 1],
  [2, 0, 0, 2],
] as const;

function fillLeaf(buffer: ArrayBufferLike, c: LeafCase): void {
  const random = new Random(c.seed);
  const bins = new Uint8Array(buffer, places.bins, c.rows * width);
  for (let i = 0; i < bins.length; i++) bins[i] = random.nextShort(0, features[i % width]?.[0] ?? 1);
  const pairs = new Float32Array(buffer, places.pairs, 2 * c.rows);
  let gradient = 0;
  let hessian = 0;
  for (let i = 0; i < c.rows; i++) {
    pairs[2 * i] = random.nextFloat() - 0.45;
    pairs[2 * i + 1] = c.constantHessian ? 1 : random.nextFloat();
    gradient += pairs[2 * i]!;
    hessian += pairs[2 * i + 1]!;
  }
  const rows = new Uint32Array(buffer, places.rows, c.rows);
  for (let i = 0; i < c.rows; i++) rows[i] = c.rows - 1 - i;
  new Uint16Array(buffer, places.lanes, features.length).set(features.map((_, k) => k));
  let start = 0;
  features.forEach(([count, mostFrequent, defaultBin, missing], k) => {
    const at = places.features + k * Feature.size * 4;
    new Int32Array(buffer, at, 6).set([count, mostFrequent, defaultBin, missing, 3 * k, start]);
    new Float64Array(buffer, at + 24, 1)[0] = k === 3 ? 0.5 : 1;
    const ints = new Int32Array(buffer, at, Feature.size);
    ints[Feature.plain] = k === 4 && c.extra ? 0 : 1;
    ints[Feature.monotone] = c.bounds ? (k % 3) - 1 : 0;
    start += count;
  });
  new Uint8Array(buffer, places.flags, 512).fill(1);
  const parent = new Float64Array(buffer, places.larger, 2 * start);
  for (let i = 0; i < parent.length; i++) parent[i] = random.nextFloat() * 50;
  const job = new Float64Array(buffer, places.job, Job.size);
  job.set([c.l1, c.l2, c.maxDelta, c.smooth, 0.1, c.minRows, 1e-3, places.features, places.flags]);
  const [min, max] = c.bounds ?? [0, 0];
  const child = [
    ...[gradient, hessian, c.rows, 0.3, places.smaller, places.flags + 128, places.flags + 256],
    ...[c.bounds ? places.bounds : 0, 0.75, c.cost, c.extra ? places.only : 0],
  ];
  features.forEach(([count], k) => {
    new Int32Array(buffer, places.only)[k] = random.nextShort(0, Math.max(1, count - 2));
  });
  // bounds that depend on thresholds
  features.forEach((_, k) => {
    new Float64Array(buffer, places.bounds + 16 * k, 2).set(k === 5 ? [Number.NaN, 0] : [min!, max!]);
  });
  job.set(child, Job.smaller);
  job.set(child, Job.larger);
  job[Job.larger + Child.histogram] = places.larger;
  job[Job.larger + Child.splittable] = places.flags + 384;
  const found = new Float64Array(buffer, places.result, 2 * Found.size);
  for (const at of [0, Found.size]) {
    found[at] = Number.NEGATIVE_INFINITY;
    found[at + Found.column] = -1;
  }
}

function runLeaf(kernels: Kernels, c: LeafCase): void {
  const { bins, rows, pairs, lanes, stage, scratch, job, result } = places;
  const list = c.all ? 0 : rows;
  kernels.addHistograms(bins, width, list, c.rows, pairs, lanes, features.length, stage, scratch);
  kernels.finishFeatures(0, features.length, scratch, job, result);
}

describe('floatKey', () => {
  it('orders as the values do', () => {
    const bits = new Int32Array(1);
    const float = new Float32Array(bits.buffer);
    const key = (x: number) => {
      float[0] = x;
      return floatKey(bits[0]!);
    };
    fc.assert(
      fc.property(fc.float({ noNaN: true }), fc.float({ noNaN: true }), (a, b) => {
        if (a < b) expect(key(a)).toBeLessThan(key(b));
      }),
    );
  });

  it('finds the largest float32 below a bound', () => {
    const bits = new Int32Array(1);
    const float = new Float32Array(bits.buffer);
    fc.assert(
      fc.property(fc.float({ noNaN: true }), fc.double({ noNaN: true }), (x, bound) => {
        float[0] = x;
        expect(floatKey(bits[0]!) <= keyOfBound(bound)).toBe(x <= bound);
      }),
    );
  });
});
