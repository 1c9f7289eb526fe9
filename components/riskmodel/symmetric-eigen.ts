import type { DenseMatrix } from './types.ts';

/** Eigenvalues, largest first, and their vectors of length 1, one a row: `(n, n)`. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: DenseMatrix;
}

const mostRounds = 60;

/**
 * Eigenvalues and -vectors of a symmetric matrix: Householder's reduction to a tridiagonal one, then QL with implicit shifts (Golub and Van
 * Loan, Matrix Computations, 8.3). The sign of a vector is that which makes its element of largest size positive.
 * @throws Error where QL does not converge, which NaN brings about
 */
export function symmetricEigen({ rows: n, values }: DenseMatrix): Eigen {
  const q = values.slice();
  const { diagonal, off } = tridiagonalize(q, n);
  iterate(diagonal, off, q, n);
  const order = Array.from(diagonal.keys()).sort((a, b) => diagonal[b]! - diagonal[a]!);
  const vectors = new Float64Array(n * n);
  order.forEach((column, row) => {
    let largest = 0;
    for (let i = 0; i < n; i++) {
      const x = q[i * n + column]!;
      if (Math.abs(x) > Math.abs(largest)) largest = x;
    }
    for (let i = 0; i < n; i++) vectors[row * n + i] = (largest < 0 ? -1 : 1) * q[i * n + column]!;
  });
  return {
    values: Float64Array.from(order, (i) => diagonal[i]!),
    vectors: { rows: n, columns: n, values: vectors },
  };
}

/** Q' A Q = T by reflections; `a` becomes Q. */
function tridiagonalize(a: Float64Array, n: number): { diagonal: Float64Array; off: Float64Array } {
  const diagonal = new Float64Array(n);
  const off = new Float64Array(n); // off[i] couples i and i + 1
  const reflections: (Float64Array | null)[] = [];
  const p = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    const v = new Float64Array(n);
    let norm = 0;
    for (let i = k + 1; i < n; i++) {
      v[i] = a[i * n + k]!;
      norm += v[i]! * v[i]!;
    }
    norm = Math.sqrt(norm);
    const tail = Math.sqrt(Math.max(0, norm * norm - v[k + 1]! ** 2));
    if (tail === 0 || norm === 0) {
      off[k] = v[k + 1]!;
      reflections.push(null);
      continue;
    }
    const alpha = v[k + 1]! > 0 ? -norm : norm;
    v[k + 1]! -= alpha;
    let square = 0;
    for (let i = k + 1; i < n; i++) square += v[i]! * v[i]!;
    const scale = Math.sqrt(2 / square);
    for (let i = k + 1; i < n; i++) v[i]! *= scale; // H = I - v v'
    off[k] = alpha;
    let overlap = 0;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += a[i * n + j]! * v[j]!;
      p[i] = sum;
      overlap += sum * v[i]!;
    }
    for (let i = k + 1; i < n; i++) p[i]! -= (overlap / 2) * v[i]!;
    for (let i = k + 1; i < n; i++)
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= v[i]! * p[j]! + p[i]! * v[j]!;
    reflections.push(v);
  }
  for (let i = 0; i < n; i++) diagonal[i] = a[i * n + i]!;
  if (n > 1) off[n - 2] = a[(n - 1) * n + n - 2]!;
  multiplyReflections(a, n, reflections);
  return { diagonal, off };
}

/** Puts H0 H1 ... into `a`. */
function multiplyReflections(
  a: Float64Array,
  n: number,
  reflections: readonly (Float64Array | null)[],
): void {
  a.fill(0);
  for (let i = 0; i < n; i++) a[i * n + i] = 1;
  const sums = new Float64Array(n);
  for (let k = reflections.length - 1; k >= 0; k--) {
    const v = reflections[k];
    if (!v) continue;
    sums.fill(0);
    for (let i = k + 1; i < n; i++) {
      const x = v[i]!;
      for (let j = k + 1; j < n; j++) sums[j]! += x * a[i * n + j]!;
    }
    for (let i = k + 1; i < n; i++) {
      const x = v[i]!;
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= x * sums[j]!;
    }
  }
}

/** QL with implicit shifts; rotates the columns of `q`. */
function iterate(d: Float64Array, e: Float64Array, q: Float64Array, n: number): void {
  for (let low = 0; low < n; low++)
    for (let round = 0; ; round++) {
      let m = low;
      while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * (Math.abs(d[m]!) + Math.abs(d[m + 1]!))) m++;
      if (m === low) break;
      if (round === mostRounds)
        throw new Error('eigenvalues do not converge: the matrix holds NaN or infinity');
      sweep(d, e, q, n, low, m);
    }
}

function sweep(d: Float64Array, e: Float64Array, q: Float64Array, n: number, low: number, m: number): void {
  const half = (d[low + 1]! - d[low]!) / (2 * e[low]!);
  const root = Math.hypot(half, 1);
  let g = d[m]! - d[low]! + e[low]! / (half + (half < 0 ? -root : root));
  let s = 1;
  let c = 1;
  let p = 0;
  for (let i = m - 1; i >= low; i--) {
    const f = s * e[i]!;
    const b = c * e[i]!;
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1]! -= p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1]! - p;
    const t = (d[i]! - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    for (let row = 0; row < n; row++) {
      const at = row * n + i;
      const x = q[at + 1]!;
      const y = q[at]!;
      q[at + 1] = s * y + c * x;
      q[at] = c * y - s * x;
    }
  }
  d[low]! -= p;
  e[low] = g;
  e[m] = 0;
}
