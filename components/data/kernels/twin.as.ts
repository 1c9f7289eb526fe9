// asc: --importMemory
// Two windows in one loop: each does what moments.ts does for one, but while one waits for its division the other one goes on. The columns
// end on the same day; the shorter one joins later.

// @ts-ignore: decorator
@inline function at(p: usize, i: i32): f64 {
  return load<f64>(p + ((<usize>i) << 3));
}
// @ts-ignore: decorator
@inline function longer(n: i32, m: i32): i32 {
  return n > m ? n : m;
}

export function variance2(x: usize, xVariance: usize, xDeviation: usize, n: i32, v: i32, y: usize, yVariance: usize, yDeviation: usize, m: i32, w: i32): void {
  let meanA: f64 = 0, squaresA: f64 = 0, addingA: f64 = 0, removingA: f64 = 0, countA: f64 = 0, sameA: f64 = 0, previousA: f64 = NaN;
  let meanB: f64 = 0, squaresB: f64 = 0, addingB: f64 = 0, removingB: f64 = 0, countB: f64 = 0, sameB: f64 = 0, previousB: f64 = NaN;
  const total = longer(n, m);
  for (let t = 0; t < total; t++) {
    const i = t - (total - n), j = t - (total - m);
    if (i >= 0) {
      if (i >= v) {
        const u = at(x, i - v);
        if (u == u) {
          countA -= 1;
          if (countA > 0) {
            const before = meanA - removingA, d = u - removingA, step = d - meanA;
            removingA = step + meanA - d;
            meanA -= step / countA;
            squaresA -= (u - before) * (u - meanA);
          } else {
            meanA = 0;
            squaresA = 0;
          }
        }
      }
      const u = at(x, i);
      if (u == u) {
        countA += 1;
        sameA = u == previousA ? sameA + 1 : 1;
        previousA = u;
        const before = meanA - addingA, d = u - addingA, step = d - meanA;
        addingA = step + meanA - d;
        meanA += step / countA;
        squaresA += (u - before) * (u - meanA);
      }
      const result: f64 = countA < 2 ? NaN : sameA >= countA ? 0 : squaresA / (countA - 1);
      if (xVariance) store<f64>(xVariance + ((<usize>i) << 3), result);
      if (xDeviation) store<f64>(xDeviation + ((<usize>i) << 3), result < 0 ? 0 : sqrt<f64>(result));
    }
    if (j >= 0) {
      if (j >= w) {
        const u = at(y, j - w);
        if (u == u) {
          countB -= 1;
          if (countB > 0) {
            const before = meanB - removingB, d = u - removingB, step = d - meanB;
            removingB = step + meanB - d;
            meanB -= step / countB;
            squaresB -= (u - before) * (u - meanB);
          } else {
            meanB = 0;
            squaresB = 0;
          }
        }
      }
      const u = at(y, j);
      if (u == u) {
        countB += 1;
        sameB = u == previousB ? sameB + 1 : 1;
        previousB = u;
        const before = meanB - addingB, d = u - addingB, step = d - meanB;
        addingB = step + meanB - d;
        meanB += step / countB;
        squaresB += (u - before) * (u - meanB);
      }
      const result: f64 = countB < 2 ? NaN : sameB >= countB ? 0 : squaresB / (countB - 1);
      if (yVariance) store<f64>(yVariance + ((<usize>j) << 3), result);
      if (yDeviation) store<f64>(yDeviation + ((<usize>j) << 3), result < 0 ? 0 : sqrt<f64>(result));
    }
  }
}
