import { binOf } from '../bins/bin-mapper.ts';
import { categoricalBit, defaultLeftBit, type Tree } from '../tree/tree.ts';
import { blockRows, goesLeft, type NodeParts, RowWalker } from '../tree/walk.ts';
import type { Engine } from './engine.ts';
import { goesLeftInto } from './goes-left.ts';
import { threadPlaces } from './row-lists.ts';

/**
 * Sends the rows of a set (index of a validation set; -1: training) through trees that were grown on this engine's bins, by bins where they
 * are laid out, a byte each, else by values.
 */
export function binWalker(engine: Engine, set: number, rank: number): RowWalker {
  const { layout, shared, kernels } = engine;
  const { columns } = set < 0 ? shared.train : shared.valids[set]!;
  const { buffer } = shared.memory;
  const places = threadPlaces(layout.threads, rank);
  const goes = new Uint8Array(buffer, places.goes, 256);
  const valid = layout.valids[set];
  const binsOf = (feature: number) => (set < 0 ? layout.features[feature]!.columnAt : valid![feature]!);
  const parts: NodeParts = {
    list: new Uint32Array(buffer, places.list, blockRows),
    spare: new Uint32Array(buffer, places.spare, blockRows),
    part(tree, node, begin, end) {
      const feature = layout.featureOf[tree.splitFeature[node]!]!;
      const bins = feature < 0 ? 0 : binsOf(feature);
      if (bins === 0) return null;
      fillGoes(engine, feature, tree, node, goes);
      const list = places.list + 4 * begin;
      const left = kernels.partitionRows(bins, 1, places.goes, list, end - begin, list, places.spare);
      kernels.moveRows(list + 4 * left, places.spare, end - begin - left);
      return left;
    },
  };
  return new RowWalker(columns, parts);
}

/** Which bins of the node's feature go left. */
function fillGoes({ layout }: Engine, feature: number, tree: Tree, node: number, goes: Uint8Array): void {
  const { mapper } = layout.features[feature]!;
  const type = tree.decisionType[node]!;
  if (type & categoricalBit)
    for (let bin = 0; bin < mapper.bins; bin++)
      goes[bin] = Number(goesLeft(tree, node, mapper.categories[bin]!));
  else
    goesLeftInto(
      mapper,
      { threshold: binOf(mapper, tree.threshold[node]!), defaultLeft: (type & defaultLeftBit) !== 0 },
      goes,
    );
}
