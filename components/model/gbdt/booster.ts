import type { BinMapper } from './bins/bin-mapper.ts';
import type { TreeColumn } from './data.ts';
import { dumpModel, type ModelDump } from './dump-model.ts';
import { parseModel } from './model-text/parse.ts';
import { modelText } from './model-text/write.ts';
import { type PredictKind, predictRows, usedTrees } from './predict.ts';
import type { Tree } from './tree/tree.ts';
import { treeSvg } from './tree/tree-svg.ts';

/** What a model file holds. */
export interface ModelData {
  readonly trees: readonly Tree[];
  readonly treesPerIteration: number;
  readonly classes: number;
  /** The objective with its options, as LightGBM writes it: `binary sigmoid:1`; null for a custom one. */
  readonly objective: string | null;
  /** The output is the mean over iterations (random forest), not the sum. */
  readonly averageOutput: boolean;
  readonly featureNames: readonly string[];
  /** Range of each feature as text, `none` for unused ones. */
  readonly featureInfos: readonly string[];
  /** 1, -1 or 0 a feature; absent or empty where there are none. */
  readonly monotoneConstraints?: readonly number[];
  /** JSON of the categories that Python knew by name, kept for it; absent: null. */
  readonly pandasCategorical?: string;
  /** The section `parameters`, one `[name: value]` a line. */
  readonly parameters: string;
}

export interface PredictOptions {
  /** Iterations to use; default, and where not above 0: all. */
  readonly iterations?: number;
  readonly startIteration?: number;
  /** `output`: what the objective predicts; `raw`: the sum of leaf values; `leaf`: the leaf's number of each tree; `contrib`: SHAP values. */
  readonly kind?: PredictKind;
  /**
   * Leaves out the rest of the trees for rows whose margin is above `margin` (10) after every `frequency` (10) iterations: twice the size of the raw
   * score, or the difference of the two highest classes. LightGBM's `pred_early_stop`; nothing else than classes and ranks can be left out.
   */
  readonly earlyStop?: { readonly frequency?: number; readonly margin?: number } | null;
}

/** A trained ensemble of trees, in LightGBM's terms. */
export class Booster {
  readonly model: ModelData;

  constructor(model: ModelData) {
    this.model = model;
  }

  /** Reads a model file of LightGBM, ours or Python's. @throws UserError where it is broken or uses linear trees. */
  static parse(text: string): Booster {
    return new Booster(parseModel(text));
  }

  get iterations(): number {
    return this.model.trees.length / this.model.treesPerIteration;
  }

  /** The model file's text; Python's lightgbm loads it. */
  toText(): string {
    return modelText(this.model);
  }

  /**
   * Predictions of the rows of `columns`: `(rows)`, `(rows, classes)` for several classes, `(rows, trees)` for leaves,
   * `(rows, classes * (features + 1))` for `contrib`, the last of each class being the expected value. Float64, summed in the order of
   * the trees as LightGBM does.
   */
  predict(columns: readonly TreeColumn[], length: number, options: PredictOptions = {}): Float64Array {
    const out = new Float64Array(length * this.outputWidth(options));
    predictRows(this.model, columns, 0, length, options, out);
    return out;
  }

  /** Numbers a row that `predict` gives. */
  outputWidth(options: PredictOptions = {}): number {
    const { kind } = options;
    const { treesPerIteration } = this.model;
    if (kind === 'contrib') return treesPerIteration * (this.model.featureNames.length + 1);
    return kind === 'leaf' ? usedTrees(this.model, options).length : treesPerIteration;
  }

  /** How often each feature splits, or what its splits gain in all: `(features)`. */
  importance(type: 'split' | 'gain' = 'split', iterations = this.iterations): Float64Array {
    const out = new Float64Array(this.model.featureNames.length);
    const trees = this.model.trees.slice(0, iterations * this.model.treesPerIteration);
    for (const { numLeaves, splitFeature, splitGain } of trees)
      for (let node = 0; node < numLeaves - 1; node++)
        if (splitGain[node]! > 0) out[splitFeature[node]!]! += type === 'split' ? 1 : splitGain[node]!;
    return out;
  }

  /** The model as plain data for JSON, the same as Python's `dump_model()`. */
  dump(): ModelDump {
    return dumpModel(this.model, this.importance('split'));
  }

  /** A tree drawn as an SVG document. @throws RangeError where there is no such tree. */
  treeSvg(index: number): string {
    const tree = this.model.trees[index];
    if (!tree) throw new RangeError(`no tree ${index}: the model has ${this.model.trees.length}`);
    return treeSvg(tree, this.model.featureNames);
  }
}

/** `[min:max]` of the values that bins were found from, `-1:c1:c2` of categories, `none` for a feature that is not used. */
export function featureInfo(
  { kind, categories, trivial, min, max }: BinMapper,
  format: (x: number) => string,
): string {
  if (kind === 'categorical' && !trivial) return categories.join(':');
  return trivial ? 'none' : `[${format(min)}:${format(max)}]`;
}
