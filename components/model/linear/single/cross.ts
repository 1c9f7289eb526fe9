const { fround } = Math;

/** Rows that the product takes at a time. */
const chunk = 4096;

/** Sum over lanes: ((a + b) + (c + d)) of four. */
function fold(lanes: Float32Array): number {
  return fround(fround(lanes[0]! + lanes[1]!) + fround(lanes[2]! + lanes[3]!));
}

/**
 * Products of `a` and `x` from `from`, `count` of them (a multiple of 4), in eight running sums with fused multiply-add: the kernel for
 * four columns at once.
 */
function sumOfEight(a: Float32Array, x: Float32Array, from: number, count: number): number {
  const lanes = new Float32Array(8);
  let i = 0;
  const step = (width: number) => {
    for (let l = 0; l < width; l++) lanes[l] = a[from + i + l]! * x[from + i + l]! + lanes[l]!;
    i += width;
  };
  if (count & 4) step(4);
  if (count & 8) step(8);
  while (i < count) step(8);
  for (let l = 0; l < 4; l++) lanes[l] = lanes[l]! + lanes[l + 4]!;
  return fold(lanes);
}

/** The same in four running sums, products rounded: the kernel for two columns at once. */
function sumOfFour(a: Float32Array, x: Float32Array, from: number, count: number): number {
  const lanes = new Float32Array(4);
  for (let i = 0; i < count; i += 4)
    for (let l = 0; l < 4; l++) lanes[l] = lanes[l]! + fround(a[from + i + l]! * x[from + i + l]!);
  return fold(lanes);
}

/** The same in two by four running sums, the second for the second half of each eight: the kernel for one column. */
function sumOfTwoFours(a: Float32Array, x: Float32Array, from: number, count: number): number {
  const first = new Float32Array(4);
  const second = new Float32Array(4);
  const start = count & 4;
  for (let i = 0; i < count; i += 4) {
    const lanes = i < start || (i - start) % 8 === 0 ? first : second;
    for (let l = 0; l < 4; l++) lanes[l] = lanes[l]! + fround(a[from + i + l]! * x[from + i + l]!);
  }
  for (let l = 0; l < 4; l++) first[l] = first[l]! + second[l]!;
  return fold(first);
}

/** Which kernel computes column `column` of `columns`: four at a time, then two, then one. */
export function kernelOf(column: number, columns: number) {
  const fours = columns & -4;
  if (column < fours) return sumOfEight;
  return column < fours + (columns & 2) ? sumOfFour : sumOfTwoFours;
}

/** a'x rounded as OpenBLAS's `sgemv` does for that kernel: chunks of 4,096 rows, the last up to three rows apart. */
export function dotInto(
  sum: number,
  a: Float32Array,
  x: Float32Array,
  kernel: typeof sumOfEight,
  sign: 1 | -1 = 1,
): number {
  const tail = x.length & 3;
  const body = x.length - tail;
  let out = sum;
  for (let from = 0; from < body; from += chunk)
    out = fround(out + sign * kernel(a, x, from, Math.min(chunk, body - from)));
  if (tail === 0) return out;
  let rest = fround(a[body]! * sign * x[body]!);
  for (let k = 1; k < tail; k++) rest = fround(rest + fround(a[body + k]! * sign * x[body + k]!));
  return fround(out + rest);
}

/** How many columns each thread takes of a product X'y. */
export function columnParts(p: number, rows: number, threads: number): number[] {
  if (rows * p < 2304 * 4) return [p];
  const parts: number[] = [];
  for (let left = p; left > 0; ) {
    const open = Math.max(1, threads - parts.length);
    const width = Math.min(left, Math.max(4, Math.ceil(left / open)));
    parts.push(width);
    left -= width;
  }
  return parts;
}
