import { exposureOf, type IndexingProblem } from './problem.ts';

/** Weights and, where turnover is limited, bounds t of |w - w0|. */
export interface Point {
  readonly w: Float64Array;
  /** Empty where turnover is free. */
  readonly t: Float64Array;
}

/**
 * The inequalities G x <= h of an indexing problem, in blocks: -w <= -lower; w <= upper; with turnover, w - t
 * <= w0, -w - t <= -w0, sum t <= turnover; with deviation, v <= deviation, -v <= deviation.
 */
export class Constraints {
  readonly n: number;
  readonly k: number;
  readonly hasTurnover: boolean;
  /** Where the blocks begin: turnover's three and deviation's two. */
  readonly at: { readonly turnover: number; readonly sum: number; readonly deviation: number };
  readonly count: number;
  readonly h: Float64Array;

  constructor(readonly problem: IndexingProblem) {
    const { lower, upper, current, turnover, deviation, fixedExposure, exposure, benchmark } = problem;
    const n = (this.n = lower.length);
    const k = (this.k = deviation ? deviation.length : 0);
    this.hasTurnover = turnover !== null;
    const afterTurnover = 2 * n + (this.hasTurnover ? 2 * n + 1 : 0);
    this.at = { turnover: 2 * n, sum: 4 * n, deviation: afterTurnover };
    this.count = afterTurnover + 2 * k;
    this.h = new Float64Array(this.count);
    for (let i = 0; i < n; i++) {
      this.h[i] = -lower[i]!;
      this.h[n + i] = upper[i]!;
      if (!this.hasTurnover) continue;
      this.h[2 * n + i] = current[i]!;
      this.h[3 * n + i] = -current[i]!;
    }
    if (turnover !== null) this.h[4 * n] = turnover;
    if (!deviation) return;
    const shift = exposureOf(exposure, benchmark, k);
    for (let j = 0; j < k; j++) {
      const offset = shift[j]! - fixedExposure[j]!; // v = F' w - offset
      this.h[afterTurnover + j] = deviation[j]! + offset;
      this.h[afterTurnover + k + j] = deviation[j]! - offset;
    }
  }

  /** G x. */
  apply({ w, t }: Point): Float64Array {
    const { n, k, at } = this;
    const out = new Float64Array(this.count);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      out[i] = -w[i]!;
      out[n + i] = w[i]!;
      if (!this.hasTurnover) continue;
      out[2 * n + i] = w[i]! - t[i]!;
      out[3 * n + i] = -w[i]! - t[i]!;
      sum += t[i]!;
    }
    if (this.hasTurnover) out[at.sum] = sum;
    if (k === 0) return out;
    const v = exposureOf(this.problem.exposure, w, k);
    for (let j = 0; j < k; j++) {
      out[at.deviation + j] = v[j]!;
      out[at.deviation + k + j] = -v[j]!;
    }
    return out;
  }

  /** G' z. */
  transpose(z: Float64Array): Point {
    const { n, k, at } = this;
    const w = new Float64Array(n);
    const t = new Float64Array(this.hasTurnover ? n : 0);
    for (let i = 0; i < n; i++) {
      let sum = z[n + i]! - z[i]!;
      if (this.hasTurnover) {
        sum += z[2 * n + i]! - z[3 * n + i]!;
        t[i] = z[at.sum]! - z[2 * n + i]! - z[3 * n + i]!;
      }
      for (let j = 0; j < k; j++)
        sum += this.problem.exposure[i]![j]! * (z[at.deviation + j]! - z[at.deviation + k + j]!);
      w[i] = sum;
    }
    return { w, t };
  }
}
