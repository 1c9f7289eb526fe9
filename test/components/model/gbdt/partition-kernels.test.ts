import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BinMapper } from '../../../../components/model/gbdt/bins/bin-mapper.ts';
import { goesLeftInto } from '../../../../components/model/gbdt/engine/goes-left.ts';
import { type Kernels, wasmKernels } from '../../../../components/model/gbdt/engine/kernels.ts';
import { referenceKernels } from '../../../../components/model/gbdt/engine/reference/kernels.ts';
import { ValueStage } from '../../../../components/model/gbdt/engine/stage-values.ts';
import { Random } from '../../../../components/model/gbdt/random.ts';

const bins = 65_536;
const goes = bins + 32_768;
const rows = goes + 256;
const left = rows + 32_768;
const right = left + 32_768;
const pages = 8;

function memoryOf(seed: number): WebAssembly.Memory {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const random = new Random(seed);
  const all = new Uint8Array(memory.buffer);
  for (let i = bins; i < goes; i++) all[i] = random.nextShort(0, 255);
  for (let i = goes; i < rows; i++) all[i] = random.nextShort(0, 2);
  return memory;
}

/** What both kernels leave of the same memory. */
function both<R>(seed: number, run: (kernels: Kernels, memory: WebAssembly.Memory) => R): [R, R] {
  const [a, b] = [wasmKernels, referenceKernels].map((make) => {
    const memory = memoryOf(seed);
    return run(make(memory), memory);
  });
  return [a!, b!];
}

const list = (memory: WebAssembly.Memory, at: number, count: number) =>
  Array.from(new Uint32Array(memory.buffer, at, count));

describe('the kernels that part rows equal the reference', () => {
  const cases = {
    seed: fc.nat(1e6),
    count: fc.integer({ min: 0, max: 500 }),
    stride: fc.integer({ min: 1, max: 30 }),
  };

  it('rows of a list, the left ones in its place', () => {
    fc.assert(
      fc.property(fc.record(cases), ({ seed, count, stride }) => {
        const [a, b] = both(seed, (kernels, memory) => {
          new Uint32Array(memory.buffer, rows, count).set(Array.from({ length: count }, (_, i) => 2 * i));
          const lefts = kernels.partitionRows(bins, stride, goes, rows, count, rows, right);
          kernels.moveRows(rows + 4 * lefts, right, count - lefts);
          return [lefts, list(memory, rows, count)];
        });
        expect(a).toEqual(b);
      }),
    );
  });

  it('rows that follow each other', () => {
    fc.assert(
      fc.property(fc.record(cases), ({ seed, count, stride }) => {
        const [a, b] = both(seed, (kernels, memory) => {
          const lefts = kernels.partitionRange(bins, stride, goes, 7, count, left, right);
          return [lefts, list(memory, left, lefts), list(memory, right, count - lefts)];
        });
        expect(a).toEqual(b);
      }),
    );
  });

  it('columns into rows', () => {
    const shape = {
      seed: fc.nat(1e6),
      columns: fc.integer({ min: 1, max: 40 }),
      count: fc.integer({ min: 0, max: 70 }),
    };
    fc.assert(
      fc.property(fc.record(shape), ({ seed, columns, count }) => {
        const width = Math.ceil(columns / 16) * 16;
        const [a, b] = both(seed, (kernels, memory) => {
          const places = Uint32Array.from({ length: columns }, (_, c) => bins + 80 * (columns - 1 - c));
          new Uint32Array(memory.buffer, right, columns).set(places);
          kernels.interleave(right, 3, columns, count, left, width, rows);
          const out = new Uint8Array(memory.buffer, left, count * width);
          return Array.from(out).filter((_, i) => i % width < columns);
        });
        expect(a).toEqual(b);
      }),
    );
  });
});

describe('goesLeftInto', () => {
  const mapper = (missing: 0 | 1 | 2): BinMapper => ({
    kind: 'numerical',
    bins: 6,
    upperBounds: new Float64Array(6),
    categories: new Int32Array(0),
    missing,
    defaultBin: 1,
    mostFrequentBin: 0,
    trivial: false,
    min: 0,
    max: 1,
  });
  const flags = (missing: 0 | 1 | 2, threshold: number, defaultLeft: boolean) => {
    const out = new Uint8Array(256).fill(9);
    goesLeftInto(mapper(missing), { threshold, defaultLeft }, out);
    return Array.from(out.subarray(0, 6)).join('');
  };

  it('takes the bins up to the threshold, and those of missing values by default', () => {
    expect(flags(0, 2, true)).toBe('111000');
    expect(flags(2, 2, true)).toBe('111001');
    expect(flags(2, 2, false)).toBe('111000');
    expect(flags(1, 2, false)).toBe('101000');
    expect(flags(1, 0, true)).toBe('110000');
  });
});

describe('ValueStage', () => {
  it('copies selected rows, in runs or one by one', () => {
    const selection = fc.uniqueArray(fc.nat(400), { maxLength: 300 }).map((x) => x.sort((a, b) => a - b));
    fc.assert(
      fc.property(selection, fc.boolean(), (chosen, dense) => {
        const picked = dense ? Array.from({ length: 200 }, (_, i) => i + Math.floor(i / 70)) : chosen;
        const values = Float32Array.from({ length: 401 }, (_, i) => i / 8);
        const out = new Float32Array(512);
        const stage = new ValueStage(out);
        for (const [from, to] of [
          [0, picked.length],
          [picked.length >> 1, picked.length],
        ] as const) {
          stage.copy({ values, rows: Uint32Array.from(picked) }, from, to);
          const expected = picked.slice(from, to).map((row) => row / 8);
          expect(Array.from(out.subarray(0, to - from))).toEqual(expected);
        }
      }),
    );
  });
});
