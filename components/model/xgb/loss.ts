/** A loss of scores: its derivatives, and how scores are shown. All numbers are float32, as XGBoost has them. */
export interface XgbLoss {
  readonly defaultMetric: string;
  /** Labels that are allowed, and what else is said of them. */
  readonly labels?: { allow(label: number): boolean; readonly hint: string };
  /** Where the first score comes from: the mean of the labels, a Newton step from 0, or a quantile of the labels. */
  readonly start: 'mean' | 'step' | { readonly quantile: number; readonly averaged?: boolean };
  /** Leaves become this quantile of the residuals of their rows. */
  readonly leafQuantile?: number;
  /** Rows whose label is 1 weigh `scale_pos_weight`. */
  readonly scalesPositives?: boolean;
  /** Output to score. */
  margin(base: number): number;
  output(score: number): number;
  gradient(score: number, label: number): number;
  hessian(score: number, label: number): number;
  /** What the model file says of it besides its name. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** What trees learn. Scores lie row by row: `(rows, classes)`. */
export interface XgbObjective {
  readonly name: string;
  /** What the model file says of it. */
  readonly json: { readonly name: string; readonly [params: string]: unknown };
  /** Scores a row. */
  readonly classes: number;
  readonly defaultMetric: string;
  readonly leafQuantile?: number | undefined;
  /** Where scores start, as the model file has it: `(classes)`. @throws UserError for labels that don't fit. */
  baseScores(label: Float32Array, weight: Float32Array | null): Float32Array;
  /** The score of a base score. */
  margin(base: number): number;
  /** Gradients and hessians of weighted rows, in pairs, class by class. */
  derive(scores: Float32Array, label: Float32Array, weight: Float32Array | null, out: Float32Array): void;
  /** What metrics see: `(rows, classes)`. */
  evaluated(scores: Float32Array): Float32Array;
  /** What the model predicts: `(rows)`. */
  predicted(scores: Float32Array): Float32Array;
}
