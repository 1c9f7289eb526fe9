import type { HistEngine } from '../hist/engine.ts';
import type { Evaluate, HistogramTeam } from '../hist/histogram-team.ts';
import { loadKernels } from '../hist/kernels.ts';
import type { Candidate } from './candidates.ts';
import type { ScoredSplit, ScoreRules } from './score-splits.ts';

interface ScoreKernels {
  bestBorder(
    features: number,
    count: number,
    histograms: number,
    leaves: number,
    high: number,
    low: number,
    l2: number,
    noise: number,
    cosine: boolean,
    scratch: number,
    result: number,
  ): void;
}

const scratchBytes = 256 * 16;
const resultBytes = 32;

/** Bytes that evaluating needs in the shared memory. */
export function evaluateBytes(features: number, leaves: number, threads: number): number {
  return areasOf(0, features, leaves).scratch + threads * scratchBytes;
}

function areasOf(own: number, features: number, leaves: number) {
  let end = own;
  const take = (bytes: number) => {
    const at = end;
    end = Math.ceil((end + bytes) / 64) * 64;
    return at;
  };
  return {
    /** (first entry, entries) of each candidate. */
    ranges: take(8 * features),
    entries: take(12 * features),
    histograms: take(4 * leaves),
    results: take(resultBytes * features),
    scratch: end,
  };
}

/** A thread's part of evaluating: every `threads`-th candidate. Arguments: candidates, leaves, seed (high, low), l2, noise, cosine. */
export function makeEvaluator(engine: HistEngine, leaves: number): Evaluate {
  const { bestBorder } = loadKernels<ScoreKernels>('cat-scores', engine.memory);
  const { layout } = engine;
  const areas = areasOf(layout.own, layout.features.length, leaves);
  const ranges = new Uint32Array(engine.memory.buffer, areas.ranges, 2 * layout.features.length);
  return (args, rank, threads) => {
    const [count = 0, used = 0, high = 0, low = 0, l2 = 0, noise = 0, cosine = 0] = args;
    for (let k = rank; k < count; k += threads) {
      const sum = low + k;
      bestBorder(
        areas.entries + 12 * ranges[2 * k]!,
        ranges[2 * k + 1]!,
        areas.histograms,
        used,
        sum > 0xffffffff ? high + 1 : high,
        sum,
        l2,
        noise,
        cosine !== 0,
        areas.scratch + rank * scratchBytes,
        areas.results + k * resultBytes,
      );
    }
  };
}

/** The best border of each candidate, found on all threads, when the leaves of the histograms `slots` are split alike; null where it has none. */
export function evaluateCandidates(
  team: HistogramTeam,
  candidates: readonly Candidate[],
  slots: readonly number[],
  seed: readonly [number, number],
  { l2, noise, cosine }: ScoreRules,
  leaves: number,
): (ScoredSplit | null)[] {
  const { engine } = team;
  const { layout } = engine;
  const { buffer } = engine.memory;
  const areas = areasOf(layout.own, layout.features.length, leaves);
  const ranges = new Uint32Array(buffer, areas.ranges, 2 * candidates.length);
  const entries = new Uint32Array(buffer, areas.entries, 3 * layout.features.length);
  let at = 0;
  for (const [k, features] of candidates.entries()) {
    ranges.set([at, features.length], 2 * k);
    for (const f of features) {
      const { offset, bins } = layout.features[f]!;
      entries.set([f, offset, bins - 1], 3 * at++);
    }
  }
  new Uint32Array(buffer, areas.histograms, slots.length).set(slots.map((slot) => engine.slotAt(slot)));
  team.evaluate(candidates.length, slots.length, ...seed, l2, noise, cosine ? 1 : 0);
  return candidates.map((_, k) => {
    const [score = 0, feature = 0, bin = -1] = new Float64Array(buffer, areas.results + k * resultBytes, 3);
    return bin < 0 ? null : { feature, bin, score };
  });
}
