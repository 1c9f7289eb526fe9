import { pow } from '../../core/power.ts';
import { Constraints, type Point } from './constraints.ts';
import { newtonSolver } from './newton.ts';
import { exposureOf, type IndexingProblem, times } from './problem.ts';

/**
 * What a solution must reach, and what is gone on for while it gets better: flat objectives leave weights open
 * to 1e-3 at the first.
 */
const enough = 1e-9;
const wanted = 1e-14;
const mostSteps = 100;

/**
 * Weights that solve an indexing problem, by the primal-dual interior point method with Mehrotra's predictor
 * and corrector (Mehrotra 1992; Nocedal and Wright, Numerical Optimization, 2006, algorithm 16.4). Undefined
 * where it does not converge, as it can not when nothing satisfies the constraints.
 */
export function solveIndexing(problem: IndexingProblem): Float64Array | undefined {
  const constraints = new Constraints(problem);
  const { n, count, h, hasTurnover } = constraints;
  if (n === 0) return Math.abs(problem.total) < 1e-8 ? new Float64Array(0) : undefined;
  const w = Float64Array.from(problem.benchmark, (x, i) =>
    Math.min(problem.upper[i]!, Math.max(problem.lower[i]!, x)),
  );
  let x: Point = {
    w,
    t: hasTurnover
      ? Float64Array.from(w, (v, i) => Math.abs(v - problem.current[i]!) + 1e-3)
      : new Float64Array(0),
  };
  const scale = 1 / Math.max(1e-12, sizeOf(problem));
  const gradient = (point: Point) => gradientOf(problem, point.w).map((g) => g * scale);
  let y = 0;
  const reach = constraints.apply(x);
  let s = h.map((bound, i) => Math.max(bound - reach[i]!, 1e-2));
  let z = new Float64Array(count).fill(1);
  let best: { mu: number; w: Float64Array | undefined } = { mu: Number.POSITIVE_INFINITY, w: undefined };

  for (let step = 0; step < mostSteps; step++) {
    const pull = constraints.transpose(z);
    const rw = gradient(x).map((g, i) => g + pull.w[i]! + y);
    const rt = pull.t;
    const rp = x.w.reduce((sum, v) => sum + v, 0) - problem.total;
    const gx = constraints.apply(x);
    const ri = h.map((bound, i) => gx[i]! + s[i]! - bound);
    const mu = dot(s, z) / count;
    const isFeasible =
      Math.max(largest(rw), largest(rt)) < 1e-7 && Math.max(Math.abs(rp), largest(ri)) < enough;
    if (isFeasible && mu < enough && mu < best.mu) best = { mu, w: x.w };
    else if (best.mu < enough) return best.w;
    if (best.mu < wanted) return best.w;
    if (!Number.isFinite(mu)) return undefined;

    const a = z.map((v, i) => v / s[i]!);
    const solve = newtonSolver(scaled(constraints, scale), a);
    const direction = (rc: Float64Array) => {
      const c = rc.map((v, i) => (z[i]! * ri[i]! - v) / s[i]!);
      const back = constraints.transpose(c);
      const b: Point = {
        w: rw.map((v, i) => -v - back.w[i]!),
        t: Float64Array.from(rt, (v, i) => -v - back.t[i]!),
      };
      const { x: dx, y: dy } = solve(b, -rp);
      const moved = constraints.apply(dx);
      const ds = ri.map((v, i) => -v - moved[i]!);
      const dz = rc.map((v, i) => (-v - z[i]! * ds[i]!) / s[i]!);
      return { dx, dy, ds, dz };
    };
    const product = s.map((v, i) => v * z[i]!);
    const guess = direction(product);
    const [ap, ad] = [longest(s, guess.ds), longest(z, guess.dz)];
    const muGuess =
      s.reduce((sum, v, i) => sum + (v + ap * guess.ds[i]!) * (z[i]! + ad * guess.dz[i]!), 0) / count;
    const centre = pow(muGuess / mu, 3) * mu;
    const { dx, dy, ds, dz } = direction(product.map((v, i) => v + guess.ds[i]! * guess.dz[i]! - centre));
    const length = 0.995 * Math.min(longest(s, ds), longest(z, dz));
    x = { w: moved(x.w, dx.w, length), t: moved(x.t, dx.t, length) };
    y += length * dy;
    s = moved(s, ds, length);
    z = moved(z, dz, length);
  }
  return best.w;
}

/** How large the objective's derivative gets. */
function sizeOf({
  expectedReturn,
  riskAversion,
  residualVariance,
  exposure,
  factorCovariance,
}: IndexingProblem): number {
  let size = 0;
  for (const [i, row] of exposure.entries()) {
    const cv = times(factorCovariance, Float64Array.from(row));
    const variance = row.reduce((sum, e, k) => sum + e * cv[k]!, residualVariance[i]!);
    size = Math.max(size, Math.abs(expectedReturn[i]!), 2 * riskAversion * variance);
  }
  return size;
}

/** Derivative of the objective in w. */
function gradientOf(problem: IndexingProblem, w: Float64Array): Float64Array {
  const {
    benchmark,
    exposure,
    factorCovariance,
    residualVariance,
    riskAversion,
    expectedReturn,
    fixedExposure,
  } = problem;
  const d = w.map((v, i) => v - benchmark[i]!);
  const v = exposureOf(exposure, d, factorCovariance.length).map((e, k) => e + fixedExposure[k]!);
  const cv = times(factorCovariance, v);
  return d.map((deviation, i) => {
    const factor = exposure[i]!.reduce((sum, e, k) => sum + e * cv[k]!, 0);
    return 2 * riskAversion * (factor + residualVariance[i]! * deviation) - expectedReturn[i]!;
  });
}

/** The same constraints with the objective's curvature scaled. */
function scaled(constraints: Constraints, scale: number): Constraints {
  const { problem } = constraints;
  return Object.assign(Object.create(constraints) as Constraints, {
    problem: { ...problem, riskAversion: problem.riskAversion * scale },
  });
}

/** Longest step in [0, 1] that keeps all values positive. */
function longest(values: Float64Array, step: Float64Array): number {
  let length = 1;
  for (let i = 0; i < values.length; i++) if (step[i]! < 0) length = Math.min(length, -values[i]! / step[i]!);
  return length;
}

function moved(x: Float64Array, dx: Float64Array, length: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(x, (v, i) => v + length * dx[i]!);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const v of values) most = Math.max(most, Math.abs(v));
  return most;
}
