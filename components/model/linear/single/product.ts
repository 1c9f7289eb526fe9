import type { PanelColumn } from '../../../core/panel.ts';
import { columnParts } from './cross.ts';

const { fround } = Math;
const chunk = 4096;

/** How a row's products are summed: along the columns, even and odd columns apart, or each product rounded by itself. */
const straight = 0;
const apart = 1;
const plain = 2;

/**
 * Xw in float32 as OpenBLAS's `sgemv` for AVX2 rounds it, `(rows)`: eight columns at a time with fused multiply-add, then four, then the
 * rest one by one. Each thread's part has up to 12 rows that are summed another way, and up to 3 at its end a third way.
 */
export function singleProduct(
  columns: readonly PanelColumn[],
  coef: ArrayLike<number>,
  rows: number,
  threads: number,
): Float32Array {
  const out = new Float32Array(rows);
  const p = columns.length;
  const cells = columns.map(({ values, rows: selection }) => ({ values, selection }));
  const product = (row: number, j: number, sum: number) => {
    const { values, selection } = cells[j]!;
    return values[selection ? selection[row]! : row]! * coef[j]! + sum;
  };
  const sumOf = (row: number, from: number, count: number, way: number) => {
    let even = 0;
    let odd = 0;
    for (let j = from; j < from + count; j++)
      if (way === apart && (j - from) % 2 === 1) odd = fround(product(row, j, odd));
      else even = fround(product(row, j, even));
    return fround(even + odd);
  };
  const eights = p & -8;
  const fours = p & -4;
  const ways = waysOf(rows, p, threads);
  for (let from = 0; from < p; from += from < eights ? 8 : from < fours ? 4 : 1) {
    const count = from < eights ? 8 : from < fours ? 4 : 1;
    for (let row = 0; row < rows; row++) {
      const way = ways[row]!;
      if (way === plain)
        for (let j = from; j < from + count; j++) out[row] = out[row]! + fround(product(row, j, 0));
      else out[row] = out[row]! + sumOf(row, from, count, way);
    }
  }
  return out;
}

function waysOf(rows: number, p: number, threads: number): Uint8Array {
  const ways = new Uint8Array(rows).fill(straight);
  let from = 0;
  for (const part of rows * p < 2304 * 4 ? [rows] : columnParts(rows, p, threads)) {
    const tail = part & 3;
    const last = (part & (chunk - 1)) - tail;
    const start = from + part - tail - last;
    ways.fill(apart, start, start + (last & 12));
    ways.fill(plain, from + part - tail, from + part);
    from += part;
  }
  return ways;
}
