/** Outputs of the regression of a window on its row numbers 1, 2, ...; each may be left out. */
export interface RegressionOutputs {
  readonly slope: Float64Array | null;
  /** Squared correlation. */
  readonly rsquare: Float64Array | null;
  /** Last value less the fitted one. */
  readonly residual: Float64Array | null;
}

/**
 * Least squares over the last `w` rows, the last one being row number w, NaN skipped: the running sums of qlib's Cython code
 * (qlib/data/_libs/rolling.pyx), whose cancellation errors are part of the result. Infinities stay in the sums, as there.
 */
export function rollingRegression(x: Float64Array, outputs: RegressionOutputs, n: number, w: number): void {
  let count = 0;
  let sx = 0;
  let sxx = 0;
  let sy = 0;
  let syy = 0;
  let sxy = 0;
  for (let i = 0; i < n; i++) {
    sxy -= sy;
    sxx = sxx + count - 2 * sx;
    sx -= count;
    if (i >= w) {
      const v = x[i - w]!;
      if (!Number.isNaN(v)) {
        count--;
        sy -= v;
        syy -= v * v;
      }
    }
    const v = x[i]!;
    if (!Number.isNaN(v)) {
      count++;
      sx += w;
      sxx += w * w;
      sy += v;
      syy += v * v;
      sxy += w * v;
    }
    write(outputs, i, count, sx, sxx, sy, syy, sxy, w, v);
  }
}

/** The same over all rows so far, numbered from 1 (qlib/data/_libs/expanding.pyx). */
export function expandingRegression(x: Float64Array, outputs: RegressionOutputs, n: number): void {
  let count = 0;
  let sx = 0;
  let sxx = 0;
  let sy = 0;
  let syy = 0;
  let sxy = 0;
  for (let i = 0; i < n; i++) {
    const v = x[i]!;
    const row = i + 1;
    if (!Number.isNaN(v)) {
      count++;
      sx += row;
      sxx += row * row;
      sy += v;
      syy += v * v;
      sxy += row * v;
    }
    write(outputs, i, count, sx, sxx, sy, syy, sxy, row, v);
  }
}

function write(
  { slope, rsquare, residual }: RegressionOutputs,
  i: number,
  count: number,
  sx: number,
  sxx: number,
  sy: number,
  syy: number,
  sxy: number,
  row: number,
  last: number,
): void {
  const covariance = count * sxy - sx * sy;
  const spread = count * sxx - sx * sx;
  const b = covariance / spread;
  if (slope) slope[i] = b;
  if (rsquare) {
    const r = covariance / Math.sqrt(spread * (count * syy - sy * sy));
    rsquare[i] = r * r;
  }
  if (residual) residual[i] = last - (b * row + (sy / count - b * (sx / count)));
}

/** `out = x`, NaN where the deviation is at most 2e-5 (np.isclose(deviation, 0, atol=2e-05)): windows too flat to correlate. */
export function dropFlat(x: Float64Array, deviation: Float64Array, out: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) out[i] = Math.abs(deviation[i]!) <= 2e-5 ? Number.NaN : x[i]!;
}
