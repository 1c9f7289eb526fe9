import type { Context } from '../../../components/core/context.ts';
import { UserError } from '../../../components/core/errors.ts';
import type { Model, ModelState } from '../../../components/model/model.ts';
import { decodeObject } from '../../../records/codec/codec.ts';
import { isNotFound } from '../../../records/tracking/errors.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';

/** What a restored model must share with the one that was trained, to predict the same to the last bit. */
type MadeIn = Pick<Context, 'pool' | 'blasThreads'>;

/** Classes that can be made from what a run keeps of them, one line each. */
const restorers: Readonly<Record<string, (state: ModelState, context: MadeIn) => Promise<Model>>> = {
  LGBModel: async (state, { pool }) =>
    (await import('../../../components/model/lgb-model.ts')).LGBModel.restore(state, pool),
  HFLGBModel: async (state, { pool }) =>
    (await import('../../../components/model/hf-lgb-model.ts')).HFLGBModel.restore(state, pool),
  XGBModel: async (state, { pool }) =>
    (await import('../../../components/model/xgb-model.ts')).XGBModel.restore(state, pool),
  CatBoostModel: async (state, { pool }) =>
    (await import('../../../components/model/catboost-model.ts')).CatBoostModel.restore(state, pool),
  DEnsembleModel: async (state, { pool }) =>
    (await import('../../../components/model/double-ensemble.ts')).DoubleEnsemble.restore(state, pool),
  LinearModel: async (state, { blasThreads, pool }) =>
    (await import('../../../components/model/linear.ts')).LinearModel.restore(
      state,
      blasThreads ?? pool.size,
    ),
};

export const isRestorable = (name: string): boolean => Object.hasOwn(restorers, name);

/** The model of a state. @throws UserError where its class cannot be restored */
export async function restoreState(state: ModelState, context: MadeIn): Promise<Model> {
  const restore = isRestorable(state.class) ? restorers[state.class] : undefined;
  if (!restore)
    throw new UserError(`a model of class ${state.class} cannot be restored`, {
      hint: `allowed: ${Object.keys(restorers).join(', ')}`,
    });
  return restore(state, context);
}

/** The trained model of a run. @throws UserError where the run has none, or one of a class that cannot be restored */
export async function restoreModel(store: TrackingStore, runId: string, context: MadeIn): Promise<Model> {
  const artifacts = await store.artifacts(runId);
  let params: unknown;
  try {
    params = await decodeObject('params.pkl', await artifacts.read('params.pkl'));
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new UserError(`run ${runId} has no model (params.pkl)`);
  }
  const get = (key: string): unknown => (params instanceof Map ? params.get(key) : undefined);
  const files: Record<string, Uint8Array> = {};
  for (const file of (get('files') as readonly string[] | undefined) ?? [])
    files[file] = await artifacts.read(file);
  return restoreState(
    {
      class: String(get('class')),
      module_path: String(get('module_path') ?? ''),
      kwargs: (plain(get('kwargs')) ?? {}) as Record<string, unknown>,
      files,
    },
    context,
  );
}

/** Python's dicts as objects, at every depth. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  return value instanceof Map
    ? Object.fromEntries([...value].map(([key, inner]) => [String(key), plain(inner)]))
    : value;
}
