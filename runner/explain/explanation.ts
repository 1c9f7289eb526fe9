import type { FieldSpec } from '../../components/data/provider.ts';

/** A number of a data field on the day. */
export interface BarField {
  readonly field: string;
  readonly value: number;
  /** Before adjustment: prices divided and amounts multiplied by the factor; undefined for what has no such thing. */
  readonly raw: number | undefined;
}

/** One step of the handler. */
export interface StepInfo {
  /** `infer_processors.0`. */
  readonly place: string;
  readonly name: string;
}

/** A column of the dataset on its way through the processors. */
export interface ColumnTrace extends Pick<FieldSpec, 'group' | 'name'> {
  readonly expression: string | undefined;
  /** As loaded; NaN where the row is missing. */
  readonly raw: number;
  /** After each step; undefined from the step on that dropped the row or the column. */
  readonly after: readonly (number | undefined)[];
  /** What it adds to the score, where the model tells. */
  readonly contribution?: number | undefined;
}

export interface FeatureTrace {
  readonly steps: readonly StepInfo[];
  /** Empty where the dataset has no row of the instrument on that day. */
  readonly columns: readonly ColumnTrace[];
}

export interface ScoreInfo {
  readonly score: number;
  /** 1 is the highest score of the day. */
  readonly rank: number;
  readonly count: number;
  /** The score reckoned anew from the features and the recorded model, and what it starts from. */
  readonly recomputed: number | undefined;
  readonly start: number | undefined;
}

export interface OrderInfo {
  readonly time: number;
  readonly direction: 'buy' | 'sell';
  readonly asked: number;
  readonly filled: number;
  readonly price: number;
  readonly rawShares: number;
  readonly value: number;
  readonly fee: number;
  readonly reason: string | null;
  readonly cashAfter: number | undefined;
}

/** What was held of the instrument at the end of a step. */
export interface HoldingInfo {
  readonly time: number;
  readonly amount: number;
  readonly price: number;
  readonly weight: number;
  readonly cash: number;
  readonly account: number;
}

/** One trading day of the backtest as far as it concerns the instrument. */
export interface TradeDay {
  readonly time: number;
  /** The score that the strategy saw: that of the day before. */
  readonly seen: ScoreInfo | undefined;
  readonly before: HoldingInfo | undefined;
  readonly orders: readonly OrderInfo[];
  readonly after: HoldingInfo | undefined;
}

/** Everything that is known of one instrument on one day of a run. */
export interface Explanation {
  readonly run: string;
  readonly instrument: string;
  readonly time: number;
  readonly bar: readonly BarField[];
  readonly features: FeatureTrace;
  readonly model: string;
  readonly score: ScoreInfo | undefined;
  /** What the model gives for the row, recorded or not; undefined where the model does not tell. */
  readonly modelScore: number | undefined;
  readonly strategy:
    | {
        readonly name: string;
        readonly kwargs: Readonly<Record<string, unknown>>;
        /** It decides once for several steps of trading. */
        readonly isNested: boolean;
      }
    | undefined;
  /** The day itself, whose orders follow from the day before, and the next one, whose orders follow from this day's score. */
  readonly days: readonly TradeDay[];
}
