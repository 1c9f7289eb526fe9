import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Kernels, wasmKernels } from '../../../../../components/model/gbdt/engine/kernels.ts';
import { referenceKernels } from '../../../../../components/model/gbdt/engine/reference/kernels.ts';
import { Random } from '../../../../../components/model/gbdt/random.ts';

const all = 12_000;
const widest = 176;
const page = 65_536;
const bins = page;
const pairs = bins + Math.ceil((all * widest) / page) * page;
const rows = pairs + 2 * page;
const lanes = rows + page;
const stage = lanes + page;
const histograms = stage + 5 * page;
const bytes = histograms + 4096 * widest;

interface Case {
  readonly seed: number;
  readonly blocks: number;
  /** Of all lanes in percent. */
  readonly share: number;
  readonly count: number;
  readonly isList: boolean;
}

const cases = {
  seed: fc.nat(1e6),
  blocks: fc.integer({ min: 1, max: widest / 16 }),
  share: fc.constantFrom(3, 40, 90, 100),
  isList: fc.boolean(),
};

/** A memory with random bins and pairs, and the number of lanes that are wanted. */
function filled(c: Case): { memory: WebAssembly.Memory; used: number } {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / page), maximum: 256, shared: true });
  const { buffer } = memory;
  const random = new Random(c.seed);
  const own = new Uint8Array(buffer, bins, all * 16 * c.blocks);
  for (let i = 0; i < own.length; i++) own[i] = random.nextShort(0, 256);
  const pair = new Float32Array(buffer, pairs, 2 * all);
  for (let i = 0; i < pair.length; i++) pair[i] = random.nextFloat() - 0.5;
  const list = new Uint32Array(buffer, rows, c.count);
  for (let i = 0; i < c.count; i++) list[i] = random.nextShort(0, all);
  const wanted = Array.from({ length: 16 * c.blocks }, (_, lane) => lane).filter(
    (lane) => random.nextShort(0, 100) < c.share || lane === c.seed % (16 * c.blocks),
  );
  new Uint16Array(buffer, lanes, wanted.length).set(wanted);
  return { memory, used: wanted.length };
}

function sums(memory: WebAssembly.Memory, used: number): Float64Array {
  return new Float64Array(memory.buffer, histograms, used * 512).slice();
}

function added(make: (memory: WebAssembly.Memory) => Kernels, c: Case): Float64Array {
  const { memory, used } = filled(c);
  const list = c.isList ? rows : 0;
  make(memory).addHistograms(bins, 16 * c.blocks, list, c.count, pairs, lanes, used, stage, histograms);
  return sums(memory, used);
}

describe('histograms of any lanes of rows of any width', () => {
  it('are those of the reference, bit by bit', () => {
    const count = fc.integer({ min: 1, max: 2500 });
    fc.assert(
      fc.property(fc.record({ ...cases, count }), (c) => {
        expect(added(wasmKernels, c)).toEqual(added(referenceKernels, c));
      }),
      { numRuns: 60 },
    );
  });
});
