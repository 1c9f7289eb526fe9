/**
 * Gradient boosted trees that grow and are stored as LightGBM's: `import { Booster, train } from "qrun/gbdt"`. Nothing here needs the rest
 * of qrun. An example stands in configs/examples/gbdt_booster.mjs.
 */
export type { EarlyStopping, Evaluation } from './boost/early-stopping.ts';
export { Booster, type ModelData, type PredictOptions } from './booster.ts';
export { columnsOfRows, type FeatureColumn, type TrainingData } from './data.ts';
export type { ModelDump } from './dump-model.ts';
export type { CustomObjective } from './objective/custom.ts';
export { type Params, resolveParams } from './params/resolve.ts';
export type { PredictKind } from './predict.ts';
export { type RefitOptions, refit } from './refit.ts';
export { type TrainOptions, type TrainResult, train } from './train.ts';
export type { LeafDump, NodeDump, SplitDump } from './tree/tree-dump.ts';
