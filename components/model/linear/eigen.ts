/**
 * Eigenvalues and eigenvectors of a symmetric matrix, `(p, p)` row-major, by Jacobi's rotations; row k of `vectors` belongs to
 * `values[k]`. Accurate to rounding in the norm of the matrix.
 */
export function symmetricEigen(
  matrix: Float64Array,
  p: number,
): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice();
  const vectors = new Float64Array(p * p);
  for (let i = 0; i < p; i++) vectors[i * p + i] = 1;
  let norm = 0;
  for (const x of a) norm += x * x;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let i = 0; i < p; i++) for (let j = i + 1; j < p; j++) off += a[i * p + j]! ** 2;
    if (off <= 1e-34 * norm) break;
    for (let i = 0; i < p; i++)
      for (let j = i + 1; j < p; j++) {
        if (a[i * p + j]! ** 2 > 1e-38 * norm) rotate(a, vectors, p, i, j);
      }
  }
  return { values: Float64Array.from({ length: p }, (_, k) => a[k * p + k]!), vectors };
}

/** One rotation in the plane (i, j) that makes a[i, j] zero. */
function rotate(a: Float64Array, vectors: Float64Array, p: number, i: number, j: number): void {
  const theta = (a[j * p + j]! - a[i * p + i]!) / (2 * a[i * p + j]!);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < p; k++) {
    const u = a[i * p + k]!;
    const v = a[j * p + k]!;
    a[i * p + k] = c * u - s * v;
    a[j * p + k] = s * u + c * v;
  }
  for (let k = 0; k < p; k++) {
    const u = a[k * p + i]!;
    const v = a[k * p + j]!;
    a[k * p + i] = c * u - s * v;
    a[k * p + j] = s * u + c * v;
    const x = vectors[i * p + k]!;
    const y = vectors[j * p + k]!;
    vectors[i * p + k] = c * x - s * y;
    vectors[j * p + k] = s * x + c * y;
  }
}
