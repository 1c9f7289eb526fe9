/**
 * Solves A w = b for a symmetric positive definite A, `(p, p)` row-major, by A = LL'. Undefined where A is not positive definite.
 */
export function solveCholesky(a: Float64Array, b: Float64Array): Float64Array | undefined {
  const p = b.length;
  const l = a.slice();
  for (let j = 0; j < p; j++) {
    let pivot = l[j * p + j]!;
    for (let k = 0; k < j; k++) pivot -= l[j * p + k]! ** 2;
    if (!(pivot > 0)) return undefined;
    const root = Math.sqrt(pivot);
    l[j * p + j] = root;
    for (let i = j + 1; i < p; i++) {
      let sum = l[i * p + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * p + k]! * l[j * p + k]!;
      l[i * p + j] = sum / root;
    }
  }
  const w = b.slice();
  for (let i = 0; i < p; i++) {
    for (let k = 0; k < i; k++) w[i]! -= l[i * p + k]! * w[k]!;
    w[i]! /= l[i * p + i]!;
  }
  for (let i = p - 1; i >= 0; i--) {
    for (let k = i + 1; k < p; k++) w[i]! -= l[k * p + i]! * w[k]!;
    w[i]! /= l[i * p + i]!;
  }
  return w;
}
