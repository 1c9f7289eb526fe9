/** A parameter's value as the text of a YAML value. */
export type ValueText = string;

/** Active only where other parameters have one of these values. */
export type Conditions = ReadonlyMap<string, ReadonlySet<ValueText>>;

interface Base {
  /** Key path in the workflow. */
  readonly key: string;
  readonly when: Conditions;
}

/** One of a list of values. */
export interface Choice extends Base {
  readonly kind: 'choice';
  readonly values: readonly ValueText[];
  /** Undefined: all the same. */
  readonly probabilities: readonly number[] | undefined;
}

/** A number of a distribution, over `scale`: x or log x. */
export interface Range extends Base {
  readonly kind: 'range';
  readonly scale: 'linear' | 'log' | 'inverse-log';
  /** On the scale of the value; infinite for a normal one. */
  readonly min: number;
  readonly max: number;
  /** Mean and deviation of a normal one, of log x for a log-normal one. */
  readonly normal: { readonly mu: number; readonly sigma: number } | undefined;
  /** Values are multiples of it (`q`), or min + k · step (`step`). */
  readonly step: number | undefined;
  readonly stepFrom: number;
  readonly isInteger: boolean;
}

export type Parameter = Choice | Range;

/** Values by key of the parameters that are active. */
export type Assignment = ReadonlyMap<string, ValueText>;

export interface Goal {
  readonly metric: string;
  readonly maximize: boolean;
}

export interface EarlyStop {
  readonly type: 'hyperband' | 'median';
  readonly metric: string;
  readonly maximize: boolean;
  /** Steps at which a run is looked at; of median: from the first on, at every step. */
  readonly rungs: readonly number[];
  readonly eta: number;
  /** Runs that must have been seen before one is stopped. */
  readonly minRuns: number;
}

export interface WalkForward {
  /** How the training segment moves: with its length kept, or growing from a fixed start. */
  readonly kind: 'rolling' | 'expanding';
  /** Trading days from one fold to the next. */
  readonly step: number;
  readonly folds: number | undefined;
}

export interface Holdout {
  readonly start: string;
  readonly end: string;
}

/** A sweep file, checked, defaults filled in. */
export interface Sweep {
  readonly name: string;
  readonly file: string;
  /** Path of the base workflow as given to `readWorkflow`. */
  readonly base: string;
  readonly method: 'grid' | 'random' | 'bayes' | 'list';
  readonly goal: Goal | undefined;
  readonly parameters: readonly Parameter[];
  /** Of method list: the overrides of each point. */
  readonly list: readonly (readonly string[])[];
  /** Overrides of every point. */
  readonly always: readonly string[];
  /** At most so many points. */
  readonly runs: number | undefined;
  readonly seconds: number | undefined;
  readonly seed: number;
  readonly earlyStop: EarlyStop | undefined;
  readonly repeats: { readonly key: string; readonly seeds: readonly number[] } | undefined;
  readonly walkForward: WalkForward | undefined;
  readonly holdout: Holdout | undefined;
  readonly parallel: number | undefined;
  readonly experimentName: string | undefined;
  readonly retries: number;
  readonly startup: number;
}

/** One set of parameter values. It is run once a repeat and fold. */
export interface Trial {
  readonly index: number;
  readonly overrides: readonly string[];
  readonly assignment: Assignment;
}

/** One run of a sweep. */
export interface Point {
  readonly index: number;
  readonly trial: Trial;
  readonly overrides: readonly string[];
  readonly seed: number | undefined;
  readonly fold: number | undefined;
  /** Hash of what sets it apart: the same for the same overrides. */
  readonly key: string;
}
