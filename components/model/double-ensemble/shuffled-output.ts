import type { Values } from '../../core/panel.ts';
import type { FeatureColumn, ModelData } from '../gbdt/index.ts';
import { type Convert, outputOf } from '../gbdt/objective/convert.ts';
import { goesLeft } from '../gbdt/tree/walk.ts';
import type { LeafTable } from './leaf-table.ts';

/** A sub-model with what it says of the training rows. */
export interface WalkedModel {
  readonly model: ModelData;
  /** As the model was trained on them. */
  readonly columns: readonly FeatureColumn[];
  readonly table: LeafTable;
  /** Its predictions `(rows)`. */
  readonly plain: Float64Array;
}

/** Rows that are added up at the same time: a sum waits for its last addition, but sums need not wait for each other. */
const lanes = 4;

/**
 * What a model predicts where the values of one feature are others. Only rows that come to a node which splits on the feature are walked again, from there on; only rows with
 * another leaf are added up again, in the order of the trees: predictions are those of a whole walk to the last bit.
 */
export class ShuffledOutput {
  readonly #own: WalkedModel;
  readonly #feature: number;
  /** Leaves of a tree with the most. */
  readonly #width: number;
  /** Trees that split on the feature. */
  readonly #changing: Uint32Array;
  /** The first node on the way to a leaf that splits on the feature, -1 where none does: `(trees, width)`. */
  readonly #entries: Int32Array;
  /** `(trees, width)` */
  readonly #values: Float64Array;
  readonly #share: number;
  readonly #convert: Convert | null;
  readonly #rows = new Uint32Array(lanes);
  /** Leaves of the rows that wait to be added up: `(lanes, trees)`. */
  readonly #leaves: Uint32Array;
  readonly #sums = new Float64Array(lanes);

  /** @param feature the feature's place among the model's own columns; -1: it has none */
  constructor(own: WalkedModel, feature: number) {
    const { trees, averageOutput, objective } = own.model;
    this.#own = own;
    this.#feature = feature;
    this.#width = Math.max(...trees.map((tree) => tree.numLeaves));
    this.#changing = Uint32Array.from(
      [...trees.keys()].filter((t) => trees[t]!.splitFeature.includes(feature)),
    );
    this.#entries = new Int32Array(trees.length * this.#width).fill(-1);
    for (const t of this.#changing) this.#findEntries(t, 0, -1);
    this.#values = new Float64Array(trees.length * this.#width);
    for (const [t, tree] of trees.entries()) this.#values.set(tree.leafValue, t * this.#width);
    this.#share = averageOutput ? 1 / trees.length : 1;
    this.#convert = objective ? outputOf(objective) : null;
    this.#leaves = new Uint32Array(lanes * trees.length);
  }

  /** Writes predictions of the rows [from, to) to `out`, from its start on; `values` are the feature's `(rows)`. */
  into(out: Float64Array, values: Values, from: number, to: number): void {
    const { table, plain } = this.#own;
    const { leaves, trees } = table;
    out.set(plain.subarray(from, to));
    let waiting = 0;
    for (let row = from; row < to; row++) {
      if (!this.#walkAgain(leaves, row * trees, row, values, waiting * trees)) continue;
      this.#rows[waiting++] = row - from;
      if (waiting === lanes) this.#addUp(out, waiting);
      waiting %= lanes;
    }
    this.#addUp(out, waiting);
  }

  /** Whether a leaf changes; if so the row's leaves stand at `to` in `#leaves`. */
  #walkAgain(leaves: LeafTable['leaves'], at: number, row: number, values: Values, to: number): boolean {
    const trees = this.#own.table.trees;
    let isChanged = false;
    for (let c = 0; c < this.#changing.length; c++) {
      const t = this.#changing[c]!;
      const leaf = leaves[at + t]!;
      const node = this.#entries[t * this.#width + leaf]!;
      if (node < 0) continue;
      const next = this.#leafFrom(t, node, row, values);
      if (next === leaf) continue;
      if (!isChanged) for (let k = 0; k < trees; k++) this.#leaves[to + k] = leaves[at + k]!;
      isChanged = true;
      this.#leaves[to + t] = next;
    }
    return isChanged;
  }

  #leafFrom(t: number, from: number, row: number, values: Values): number {
    const { model, columns } = this.#own;
    const tree = model.trees[t]!;
    let node = from;
    while (node >= 0) {
      const feature = tree.splitFeature[node]!;
      const column = columns[feature]!;
      const value =
        feature === this.#feature ? values[row]! : column.values[column.rows ? column.rows[row]! : row]!;
      node = goesLeft(tree, node, value) ? tree.leftChild[node]! : tree.rightChild[node]!;
    }
    return ~node;
  }

  #addUp(out: Float64Array, count: number): void {
    const { trees } = this.#own.table;
    const width = this.#width;
    const leaves = this.#leaves;
    const values = this.#values;
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let t = 0; t < trees; t++) {
      const at = t * width;
      a += values[at + leaves[t]!]!;
      b += values[at + leaves[trees + t]!]!;
      c += values[at + leaves[2 * trees + t]!]!;
      d += values[at + leaves[3 * trees + t]!]!;
    }
    this.#sums.set([a, b, c, d]);
    if (this.#share !== 1) for (let i = 0; i < lanes; i++) this.#sums[i]! *= this.#share;
    this.#convert?.(this.#sums, 1);
    for (let i = 0; i < count; i++) out[this.#rows[i]!] = this.#sums[i]!;
  }

  /** Leaves below `node` get `entry`, or the first node from here on that splits on the feature. */
  #findEntries(t: number, node: number, entry: number): void {
    if (node < 0) {
      this.#entries[t * this.#width + ~node] = entry;
      return;
    }
    const { splitFeature, leftChild, rightChild } = this.#own.model.trees[t]!;
    const first = entry < 0 && splitFeature[node] === this.#feature ? node : entry;
    this.#findEntries(t, leftChild[node]!, first);
    this.#findEntries(t, rightChild[node]!, first);
  }
}
