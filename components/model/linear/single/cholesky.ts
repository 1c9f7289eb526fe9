import { dotInto, kernelOf } from './cross.ts';
import { isPaired, passRows } from './tiles.ts';

const { fround } = Math;

/** Up to this size a block is factored column by column. */
const smallest = 32;
/** Columns of a tile of the triangle that is updated. */
const tile = 8;

/**
 * U of A = U'U in float32, with the operations in the order of OpenBLAS's `spotrf` for AVX2. `a` holds the upper triangle column by column
 * (entry (i, j) at i + j · p) and is replaced. False where A is not positive definite in float32.
 */
export function factor(a: Float32Array, p: number): boolean {
  return factorBlock(a, p, 0, p);
}

function factorBlock(a: Float32Array, p: number, from: number, size: number): boolean {
  if (size <= smallest) return factorSmall(a, p, from, size);
  const step = size <= 4 * passRows ? (size + 3) >> 2 : passRows;
  for (let j = 0; j < size; j += step) {
    const width = Math.min(step, size - j);
    if (!factorBlock(a, p, from + j, width)) return false;
    const next = from + j + width;
    const rest = size - j - width;
    if (rest === 0) continue;
    for (let c = 0; c < rest; c++) {
      const column = a.subarray((next + c) * p + from + j, (next + c) * p + from + j + width);
      solveForward(a, p, from + j, column, c < (rest & -4));
    }
    update(a, p, from + j, width, next, rest);
  }
  return true;
}

/** One column at a time: its root, its row, its scale. */
function factorSmall(a: Float32Array, p: number, from: number, size: number): boolean {
  for (let j = 0; j < size; j++) {
    const own = (from + j) * p + from;
    const above = a.subarray(own, own + j);
    let dot = 0;
    for (let i = 0; i < j; i++) dot += fround(above[i]! * above[i]!);
    const pivot = fround(a[own + j]! - fround(dot));
    if (!(pivot > 0)) return false;
    const root = fround(Math.sqrt(pivot));
    a[own + j] = root;
    const right = size - j - 1;
    const scale = fround(1 / root);
    for (let c = 0; c < right; c++) {
      const at = (from + j + 1 + c) * p + from;
      const value =
        j === 0 ? a[at]! : dotInto(a[at + j]!, a.subarray(at, at + j), above, kernelOf(c, right), -1);
      a[at + j] = value * scale;
    }
  }
  return true;
}

/**
 * Solves U'z = x for the block of U that starts at `from`, in place: groups of 8, then 4, 2 and 1 rows, each less what the rows before
 * give, then solved within. `fused`: with fused multiply-add within a group, as for whole strips of four columns.
 */
export function solveForward(
  u: Float32Array,
  p: number,
  from: number,
  x: Float32Array,
  fused: boolean,
): void {
  const n = x.length;
  const entry = (i: number, j: number) => u[(from + j) * p + from + i]!;
  for (let done = 0; done < n; ) {
    const left = n - done;
    const group = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
    for (let r = done; r < done + group; r++) {
      let sum = 0;
      for (let k = 0; k < done; k++) sum = fround(entry(k, r) * x[k]! + sum);
      x[r] = x[r]! - sum;
    }
    for (let r = done; r < done + group; r++) {
      x[r] = x[r]! * fround(1 / entry(r, r));
      const value = x[r]!;
      for (let s = r + 1; s < done + group; s++) {
        const product = entry(r, s) * value;
        x[s] = x[s]! - (fused ? product : fround(product));
      }
    }
    done += group;
  }
}

/** Solves U w = z in place, from the last row: one, two and four rows where they are left over, then groups of 8. */
export function solveBackward(u: Float32Array, p: number, z: Float32Array): void {
  const groups = [1, 2, 4].filter((size) => p & size);
  for (let k = 0; k < p >> 3; k++) groups.push(8);
  let end = p;
  for (const group of groups) {
    const first = end - group;
    for (let r = first; r < end; r++) {
      let sum = 0;
      for (let k = end; k < p; k++) sum = fround(u[k * p + r]! * z[k]! + sum);
      z[r] = z[r]! - sum;
    }
    for (let r = end - 1; r >= first; r--) {
      z[r] = z[r]! * fround(1 / u[r * p + r]!);
      for (let s = first; s < r; s++) z[s] = z[s]! - fround(u[r * p + s]! * z[r]!);
    }
    end = first;
  }
}

/** Takes the products of the rows [from, from + depth) off the triangle of size `size` at `at`, tile by tile. */
function update(a: Float32Array, p: number, from: number, depth: number, at: number, size: number): void {
  for (let left = 0; left < size; left += tile) {
    const width = Math.min(tile, size - left);
    for (let c = 0; c < width; c++) {
      const column = (at + left + c) * p;
      for (let r = 0; r <= left + c; r++) {
        const paired = r < left ? isPaired(left, width, r, c) : isPaired(width, width, r - left, c);
        const other = (at + r) * p;
        const sum = productOf(a, column + from, other + from, depth, paired);
        a[column + at + r] = a[column + at + r]! - sum;
      }
    }
  }
}

/** Sum of products with fused multiply-add; `paired`: even and odd places apart, for whole groups of eight. */
export function productOf(
  a: Float32Array,
  first: number,
  second: number,
  depth: number,
  paired: boolean,
): number {
  let even = 0;
  let odd = 0;
  const whole = paired ? depth - (depth % 8) : 0;
  for (let k = 0; k < whole; k += 2) {
    even = fround(a[first + k]! * a[second + k]! + even);
    odd = fround(a[first + k + 1]! * a[second + k + 1]! + odd);
  }
  for (let k = whole; k < depth; k++) even = fround(a[first + k]! * a[second + k]! + even);
  return fround(even + odd);
}
