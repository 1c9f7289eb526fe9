import type { FeatureColumn } from '../gbdt/index.ts';
import type { Tree } from '../gbdt/tree/tree.ts';
import { RowWalker } from '../gbdt/tree/walk.ts';

export interface CatModelData {
  readonly trees: readonly Tree[];
  readonly loss: 'RMSE' | 'Logloss';
  readonly bias: number;
  readonly features: number;
}

/** CatBoost's trees over numerical features. */
export class CatBooster {
  readonly model: CatModelData;

  constructor(model: CatModelData) {
    this.model = model;
  }

  /** Raw values `bias + sum of leaves`, as CatBoost's `predict` gives them by default: `(rows)`. Values are taken as float32. */
  predict(columns: readonly FeatureColumn[], length: number): Float64Array {
    const out = new Float64Array(length);
    const walker = new RowWalker(
      columns.map(({ values, rows }) => ({
        values: values instanceof Float32Array ? values : Float32Array.from(values),
        rows,
      })),
    );
    for (const tree of this.model.trees)
      walker.walk(tree, null, 0, length, (leaf, rows, begin, end) => {
        for (let i = begin; i < end; i++) out[rows[i]!]! += tree.leafValue[leaf]!;
      });
    return out.map((sum) => sum + this.model.bias);
  }

  /** The model as text: all that `parse` needs. */
  toJson(): string {
    const { trees, ...rest } = this.model;
    return JSON.stringify({
      ...rest,
      trees: trees.map((tree) =>
        Object.fromEntries(
          Object.entries(tree).map(([key, value]) => [key, typeof value === 'number' ? value : [...value]]),
        ),
      ),
    });
  }

  static parse(text: string): CatBooster {
    const { trees, ...rest } = JSON.parse(text);
    return new CatBooster({ ...rest, trees: trees.map(parseTree) });
  }
}

function parseTree(json: Record<keyof Tree, number[]> & { numLeaves: number; shrinkage: number }): Tree {
  return {
    numLeaves: json.numLeaves,
    splitFeature: Int32Array.from(json.splitFeature),
    splitGain: Float32Array.from(json.splitGain),
    threshold: Float64Array.from(json.threshold),
    decisionType: Uint8Array.from(json.decisionType),
    leftChild: Int32Array.from(json.leftChild),
    rightChild: Int32Array.from(json.rightChild),
    leafValue: Float64Array.from(json.leafValue),
    leafWeight: Float64Array.from(json.leafWeight),
    leafCount: Int32Array.from(json.leafCount),
    internalValue: Float64Array.from(json.internalValue),
    internalWeight: Float64Array.from(json.internalWeight),
    internalCount: Int32Array.from(json.internalCount),
    catBoundaries: Int32Array.from(json.catBoundaries),
    catThreshold: Uint32Array.from(json.catThreshold),
    shrinkage: json.shrinkage,
  };
}
