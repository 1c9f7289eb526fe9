import { UserError } from '../../components/core/errors.ts';
import { LGBModel } from '../../components/model/lgb-model.ts';
import { LinearModel } from '../../components/model/linear.ts';
import type { ModelState } from '../../components/model/model.ts';
import { at } from '../../records/report/data/run-facts.ts';
import type { Recorder } from '../../records/tracking/recorder.ts';
import type { TrackingStore } from '../../records/tracking/store.ts';

/** What a model says of one row: what each feature adds, from where, and the score that comes of it. */
export interface RowContributions {
  readonly features: readonly number[];
  readonly start: number;
  readonly score: number;
}

/** Explains rows of features (in the dataset's order); undefined for models that do not tell. */
export type RowExplainer = (row: readonly number[]) => RowContributions | undefined;

/** Of the model that a run has recorded: trees by Shapley values, linear models by weight times feature. */
export async function modelExplainer(
  recorder: Recorder,
  store: TrackingStore,
): Promise<{ name: string; explain: RowExplainer } | undefined> {
  const there = new Set(await recorder.listArtifacts());
  if (!there.has('params.pkl')) return undefined;
  const params = await recorder.loadObject('params.pkl');
  const name = String(at(params, 'class') ?? '');
  const explain = explainers[name];
  const listed = at(params, 'files');
  if (!explain || !Array.isArray(listed)) return { name, explain: () => undefined };
  const artifacts = await store.artifacts(recorder.id);
  const files: Record<string, Uint8Array> = {};
  for (const file of listed.map(String)) {
    if (!there.has(file)) throw new UserError(`run ${recorder.id} lacks ${file}, which its model is kept in`);
    files[file] = await artifacts.read(file);
  }
  return {
    name,
    explain: explain({ class: name, module_path: '', kwargs: plainKwargs(at(params, 'kwargs')), files }),
  };
}

const explainers: Readonly<Record<string, (state: ModelState) => RowExplainer>> = {
  LGBModel(state) {
    const { booster } = LGBModel.restore(state);
    return (row) => {
      if (booster?.model.treesPerIteration !== 1) return undefined;
      const columns = row.map((x) => ({ values: Float64Array.of(x), rows: null }));
      const found = booster.predict(columns, 1, { kind: 'contrib' });
      const [score] = booster.predict(columns, 1);
      return {
        features: Array.from(found.subarray(0, row.length)),
        start: found[row.length]!,
        score: score!,
      };
    };
  },
  LinearModel(state) {
    const { fitted } = LinearModel.restore(state);
    return (row) => {
      if (!fitted || row.length !== fitted.coef.length) return undefined;
      const features = row.map((x, j) => x * fitted.coef[j]!);
      return {
        features,
        start: fitted.intercept,
        score: features.reduce((sum, x) => sum + x, fitted.intercept),
      };
    };
  },
};

function plainKwargs(kwargs: unknown): Record<string, unknown> {
  if (kwargs instanceof Map) return Object.fromEntries(kwargs) as Record<string, unknown>;
  return typeof kwargs === 'object' && kwargs !== null ? { ...kwargs } : {};
}
