import { lossBlock, sumLoss } from '../metric/metric.ts';
import { outputOf } from '../objective/convert.ts';
import type { Tree } from '../tree/tree.ts';
import type { RowWalker } from '../tree/walk.ts';
import { binWalker } from './bin-walker.ts';
import type { Engine } from './engine.ts';
import { part } from './part.ts';

/** Gradients and hessians of this thread's part of the training rows. */
export function computeGradients(engine: Engine, _: Float64Array, rank: number, size: number): void {
  const { train, classes, memory } = engine.shared;
  const pairs = new Float32Array(memory.buffer, engine.layout.pairs, 2 * classes * train.length);
  const { from, to } = part(train.length, rank, size);
  engine.objective.gradients(train.score, pairs, from, to);
}

/** Adds the leaf values of the tree just grown to the scores of the rows it was grown on. args: first score, number of rows. */
export function addLeaves(engine: Engine, args: Float64Array, rank: number, size: number): void {
  const { layout, shared, tree } = engine;
  const [offset = 0, count = 0] = args;
  const { score, length } = shared.train;
  const { leafRanges, memory } = shared;
  const rows = new Uint32Array(memory.buffer, layout.rows, length);
  const { numLeaves, leafValue } = tree.read();
  const { from, to } = part(count, rank, size);
  for (let leaf = 0; leaf < numLeaves; leaf++) {
    const begin = leafRanges[2 * leaf]!;
    const end = Math.min(begin + leafRanges[2 * leaf + 1]!, to);
    const value = leafValue[leaf]!;
    for (let i = Math.max(begin, from); i < end; i++) score[offset + rows[i]!]! += value;
  }
}

/**
 * Adds the tree's outputs to training rows, such as those that were left out of it. args: first score, places [from, to) of the rows in the
 * row list, 1 if the rows are the places themselves.
 */
export function walkTrain(engine: Engine, args: Float64Array, rank: number, size: number): void {
  const { layout, shared, tree } = engine;
  const [offset = 0, first = 0, end = 0, identity = 0] = args;
  const { score, length } = shared.train;
  const rows = identity ? null : new Uint32Array(shared.memory.buffer, layout.rows, length);
  const grown = tree.read();
  const { from, to } = part(end - first, rank, size);
  addOutputs(binWalker(engine, -1, rank), grown, rows, first + from, first + to, score, offset);
}

/** Adds the tree's outputs to a validation set's scores. args: index of the set, tree within the iteration. */
export function walkValid(engine: Engine, args: Float64Array, rank: number, size: number): void {
  const { shared, tree } = engine;
  const [index = 0, k = 0] = args;
  const { score, length } = shared.valids[index]!;
  const grown = tree.read();
  const { from, to } = part(length, rank, size);
  const offset = k * length;
  addOutputs(binWalker(engine, index, rank), grown, null, from, to, score, offset);
}

function addOutputs(
  walker: RowWalker,
  tree: Tree,
  rows: Uint32Array | null,
  from: number,
  to: number,
  score: Float64Array,
  offset: number,
): void {
  walker.walk(tree, rows, from, to, (leaf, list, begin, end) => {
    const value = tree.leafValue[leaf]!;
    for (let i = begin; i < end; i++) score[offset + list[i]!]! += value;
  });
}

/** Sums a metric's losses, one sum a block of rows. args: index of the set (-1: training), index of the metric. */
export function sumLosses(engine: Engine, args: Float64Array, rank: number, size: number): void {
  const { shared, metrics, objective } = engine;
  const [index = 0, metric = 0] = args;
  const set = index < 0 ? shared.train : shared.valids[index]!;
  const convert = outputOf(objective.text);
  const { from, to } = part(set.length, rank, size, lossBlock);
  for (let start = from; start < to; start += lossBlock)
    shared.lossSums[start / lossBlock] = sumLoss(
      metrics[metric]!,
      set.score,
      set,
      convert,
      start,
      Math.min(start + lossBlock, to),
    );
}

/** Adds a number to the scores of one tree of all sets. args: tree within the iteration, number. */
export function addConstant(engine: Engine, args: Float64Array, rank: number, size: number): void {
  const [k = 0, value = 0] = args;
  for (const { score, length } of [engine.shared.train, ...engine.shared.valids]) {
    const { from, to } = part(length, rank, size);
    for (let i = k * length + from; i < k * length + to; i++) score[i]! += value;
  }
}

/** Multiplies the scores of one tree of all sets. args: tree within the iteration, factor. */
export function scaleScores(engine: Engine, args: Float64Array, rank: number, size: number): void {
  const [k = 0, factor = 0] = args;
  for (const { score, length } of [engine.shared.train, ...engine.shared.valids]) {
    const { from, to } = part(length, rank, size);
    for (let i = k * length + from; i < k * length + to; i++) score[i]! *= factor;
  }
}
