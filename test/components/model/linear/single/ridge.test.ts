import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GramSum } from '../../../../../components/model/linear/gram.ts';
import {
  factor,
  solveBackward,
  solveForward,
} from '../../../../../components/model/linear/single/cholesky.ts';
import { dotInto, kernelOf } from '../../../../../components/model/linear/single/cross.ts';
import { pairedEntries, passesOf } from '../../../../../components/model/linear/single/tiles.ts';

/** Seeded numbers in [-1, 1) as float32. */
function noise(length: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

describe('passesOf', () => {
  it('covers all rows, 320 at a time, the rest in halves', () => {
    expect(passesOf(700)).toEqual([320, 190, 190]);
    expect(passesOf(321)).toEqual([161, 160]);
    fc.assert(
      fc.property(fc.nat(100_000), (rows) => {
        const passes = passesOf(rows);
        expect(passes.reduce((a, b) => a + b, 0)).toBe(rows);
        expect(Math.max(0, ...passes)).toBeLessThanOrEqual(320);
      }),
    );
  });
});

describe('pairedEntries', () => {
  it('are none with one thread, and lie between the parts of two', () => {
    expect(pairedEntries(158, 1)).toEqual([]);
    const found = pairedEntries(158, 2);
    // where X.T @ X of numpy 1.26.4 differs between one and two threads (158 columns): 112 is the border of the parts
    const columnsOf = (i: number) => found.filter((e) => e.i === i).map((e) => e.j);
    expect(columnsOf(0)).toEqual([112, 113, 114, 115, 116, 117, 118, 119]);
    expect(columnsOf(6)).toEqual([144, 145, 146, 147, 148, 149, 150, 151]);
    expect(columnsOf(48)).toEqual([]);
    expect(columnsOf(56)).toEqual([112, 113, 114, 115, 116, 117, 118, 119]);
  });
});

describe('GramSum', () => {
  it('sums as its reference does, in float32 and in float64', () => {
    const [rows, p] = [50, 11];
    const x = noise(rows * p, 1);
    for (const single of [true, false]) {
      const round = single ? Math.fround : (v: number) => v;
      const sums = new GramSum(p, 32, single);
      const expected = new Float64Array(p * p);
      for (const [from, count] of [
        [0, 32],
        [32, 18],
      ] as const) {
        for (let i = 0; i < count; i++)
          for (let j = 0; j < p; j++) sums.block[i * sums.pad + j] = x[(from + i) * p + j]!;
        sums.add(count);
        for (let a = 0; a < p; a++)
          for (let b = 0; b < p; b++) {
            let sum = 0;
            for (let i = from; i < from + count; i++) sum = round(sum + x[i * p + a]! * x[i * p + b]!);
            expected[a * p + b] = round(expected[a * p + b]! + sum);
          }
      }
      expect(sums.matrix()).toEqual(expected);
    }
  });
});

describe('factor, solveForward and solveBackward', () => {
  it('solve to float32 accuracy, whatever the size', () => {
    for (const p of [1, 7, 8, 31, 33, 64, 100, 158]) {
      const x = noise(p * (p + 5), p);
      const full = new Float64Array(p * p);
      for (let i = 0; i < p; i++)
        for (let j = 0; j < p; j++) {
          let sum = i === j ? 1 : 0;
          for (let k = 0; k < p + 5; k++) sum += x[k * p + i]! * x[k * p + j]!;
          full[i * p + j] = sum;
        }
      const truth = noise(p, 99);
      const right = Float32Array.from({ length: p }, (_, i) =>
        truth.reduce((sum, w, j) => sum + w * full[i * p + j]!, 0),
      );
      const upper = Float32Array.from(full);
      expect(factor(upper, p)).toBe(true);
      solveForward(upper, p, 0, right, false);
      solveBackward(upper, p, right);
      for (let j = 0; j < p; j++) expect(Math.abs(right[j]! - truth[j]!)).toBeLessThan(2e-3);
    }
  });

  it('tell that a matrix is not positive definite', () => {
    expect(factor(Float32Array.of(1, 2, 2, 1), 2)).toBe(false);
  });
});

describe('dotInto', () => {
  it('is a dot product, whichever kernel and length', () => {
    for (const length of [1, 2, 3, 4, 12, 23, 5000]) {
      const a = noise(length, 5);
      const x = noise(length, 6);
      const exact = a.reduce((sum, value, i) => sum + value * x[i]!, 0);
      for (const column of [0, 4, 6]) {
        expect(dotInto(0, a, x, kernelOf(column, 7))).toBeCloseTo(exact, 3);
        expect(dotInto(1, a, x, kernelOf(column, 7), -1)).toBeCloseTo(1 - exact, 3);
      }
    }
  });
});
