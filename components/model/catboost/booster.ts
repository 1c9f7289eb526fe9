import type { FeatureColumn } from '../gbdt/index.ts';
import type { Tree } from '../gbdt/tree/tree.ts';
import { RowWalker } from '../gbdt/tree/walk.ts';
import { parseModelJson, toModelJson } from './model-json.ts';

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

  /** The model as CatBoost writes it as JSON; CatBoost loads it. */
  toJson(): string {
    return toModelJson(this.model);
  }

  /** Reads a model of CatBoost's JSON. @throws UserError for what is not supported. */
  static parse(text: string): CatBooster {
    return new CatBooster(parseModelJson(text));
  }
}
