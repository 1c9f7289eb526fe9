import type { Panel } from '../core/panel.ts';
import type { Dataset, FitOptions, Segment } from '../dataset/types.ts';

/** What is kept of a fitted model, enough to predict with it again. */
export interface ModelState {
  readonly class: string;
  readonly module_path: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** Files by artifact name: `model.txt` for a LightGBM model. Text or bytes. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

/** A model never knows of runs: it gets data and a log. */
export interface Model {
  fit(dataset: Dataset, options: FitOptions): Promise<void>;
  /** One column `score` over the rows of the segment (default `test`), from the infer view. */
  predict(dataset: Dataset, segment?: string | Segment): Promise<Panel>;
  state(): ModelState;
  /** True where `fit` and `predict` read features in blocks if the dataset has them. */
  readonly readsBlocks?: boolean;
}

declare module '../core/context.ts' {
  interface ComponentKinds {
    model: Model;
  }
}
