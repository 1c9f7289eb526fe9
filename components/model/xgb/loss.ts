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
