import type { HistEngine } from '../hist/engine.ts';
import type { Evaluate, HistogramTeam } from '../hist/histogram-team.ts';
import { loadKernels } from '../hist/kernels.ts';
import type { Cuts } from './cuts.ts';
import type { XgbParams } from './params.ts';
import { floatRules, noSplit, type Sums, type XgbSplit } from './split.ts';

/** A node whose best split is wanted. */
export interface OpenNode {
  readonly slot: number;
  readonly sums: Sums;
  readonly gain: number;
  readonly features: readonly number[];
}

interface SplitKernels {
  bestSplit(features: number, count: number, histogram: number, node: number, result: number): void;
}

const nodeBytes = 64;
const resultBytes = 64;
const most = 2;

/** Bytes that evaluating needs in the shared memory. */
export function evaluateBytes(features: number, threads: number): number {
  return most * features + 64 + threads * (nodeBytes + most * resultBytes + 12 * features + 64);
}

function areas(engine: HistEngine, rank: number) {
  const features = engine.layout.features.length;
  const { own } = engine.layout;
  const masks = Math.ceil((most * features) / 64) * 64;
  const table = Math.ceil((12 * features) / 64) * 64;
  const at = own + masks + rank * (nodeBytes + most * resultBytes + table);
  return { masks: own, node: at, results: at + nodeBytes, table: at + nodeBytes + most * resultBytes };
}

/** A thread's part of evaluating: the best split among its own features. Arguments: for each of at most two nodes (slot, gradient, hessian, gain). */
export function makeEvaluator(engine: HistEngine, params: XgbParams, cuts: readonly Cuts[]): Evaluate {
  const { bestSplit } = loadKernels<SplitKernels>('xgb-splits', engine.memory);
  const { buffer } = engine.memory;
  const { layout } = engine;
  const { alpha, lambda, max_delta_step, min_child_weight } = floatRules(params);
  return (args, rank) => {
    const { masks, node, results, table } = areas(engine, rank);
    const rules = new Float64Array(buffer, node, 7);
    rules.set([alpha, lambda, max_delta_step, min_child_weight]);
    const own = layout.groups.filter(({ owner }) => owner === rank).flatMap(({ features }) => features);
    own.sort((a, b) => a - b);
    const entries = new Int32Array(buffer, table, 3 * own.length);
    for (let k = 0; k < args[0]!; k++) {
      const mask = new Uint8Array(buffer, masks + k * layout.features.length, layout.features.length);
      let count = 0;
      for (const f of own) {
        if (mask[f] === 0) continue;
        entries[3 * count] = f;
        entries[3 * count + 1] = layout.features[f]!.offset;
        entries[3 * count + 2] = cuts[f]!.cuts.length;
        count++;
      }
      const [slot = 0, gradient = 0, hessian = 0, gain = 0] = args.subarray(1 + 4 * k, 5 + 4 * k);
      rules.set([gradient, hessian, gain], 4);
      bestSplit(table, count, engine.slotAt(slot), node, results + k * resultBytes);
    }
  };
}

/** Builds a histogram where `build` says so, and finds the best splits of at most two nodes on all threads; of equal ones that of the first feature. */
export function evaluateNodes(
  team: HistogramTeam,
  cuts: readonly Cuts[],
  nodes: readonly OpenNode[],
  build: readonly [number, number, number, number] | null,
): XgbSplit[] {
  const { engine } = team;
  const { buffer } = engine.memory;
  const { length } = engine.layout.features;
  for (const [k, { features }] of nodes.entries()) {
    const mask = new Uint8Array(buffer, areas(engine, 0).masks + k * length, length).fill(0);
    for (const f of features) mask[f] = 1;
  }
  const args = [nodes.length, ...nodes.flatMap((n) => [n.slot, n.sums.gradient, n.sums.hessian, n.gain])];
  if (build) team.buildAndEvaluate(build, ...args);
  else team.evaluate(...args);
  return nodes.map(({ sums }, k) => {
    let best = noSplit;
    for (let rank = 0; rank < team.threads; rank++) {
      const at = areas(engine, rank).results + k * resultBytes;
      const found = splitOf(new Float64Array(buffer, at, 6), sums, cuts);
      const first = found.gain === best.gain && found.gain > 0 && found.feature < best.feature;
      if (found.gain > best.gain || first) best = found;
    }
    return best;
  });
}

function splitOf(result: Float64Array, sums: Sums, cuts: readonly Cuts[]): XgbSplit {
  const [gain = 0, feature = 0, bin = 0, fromLeft = 0, gradient = 0, hessian = 0] = result;
  if (!(gain > 0)) return noSplit;
  const near = { gradient, hessian };
  const far = { gradient: sums.gradient - gradient, hessian: sums.hessian - hessian };
  const own = cuts[feature]!;
  if (fromLeft)
    return { gain, feature, bin, condition: own.cuts[bin]!, defaultLeft: false, left: near, right: far };
  const condition = bin === 0 ? own.min : own.cuts[bin - 1]!;
  return { gain, feature, bin: bin - 1, condition, defaultLeft: true, left: far, right: near };
}
