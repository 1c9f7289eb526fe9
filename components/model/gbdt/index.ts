export type { EarlyStopping, Evaluation } from './boost/early-stopping.ts';
export { Booster, type ModelData, type PredictOptions } from './booster.ts';
export type { FeatureColumn, TrainingData } from './data.ts';
export { type Params, resolveParams } from './params/resolve.ts';
export type { PredictKind } from './predict.ts';
export { type TrainOptions, type TrainResult, train } from './train.ts';
