import { UserError } from '../../../core/errors.ts';
import { EarlyStopper, type Evaluation } from '../boost/early-stopping.ts';
import type { RunPlan } from '../boost/run.ts';
import { Booster } from '../booster.ts';
import { type SharedData, type TreeColumn, valued } from '../data.ts';
import { makeMetrics } from '../metric/make.ts';
import type { Params } from '../params/resolve.ts';
import { loadLibrary, type NativeLibrary } from './library.ts';
import { NativeBooster } from './native-booster.ts';
import { nativeParams } from './native-params.ts';

/** What a training by the library is made from: as `train` prepares it. */
export interface NativePlan {
  readonly params: Params;
  readonly data: SharedData<TreeColumn>;
  readonly valids: readonly SharedData<TreeColumn>[];
  readonly plan: RunPlan;
  readonly report: (iteration: number, evaluations: readonly Evaluation[]) => void;
  /** Default: the one that the environment names. */
  readonly library?: NativeLibrary | undefined;
}

/**
 * Trains with LightGBM's own library, iteration by iteration on the calling thread. The features are copied for it.
 * @throws UserError where there is no library, and with LightGBM's message where it fails.
 */
export function trainNative(given: NativePlan): { booster: Booster; bestIteration: number } {
  const { params, data, valids, plan, report } = given;
  if (params.objective === 'custom')
    throw new UserError('backend native has no custom objective', { path: ['backend'] });
  const library = given.library ?? loadLibrary();
  const values = ({ columns, ...rest }: SharedData<TreeColumn>): SharedData => ({
    ...rest,
    columns: columns.map(valued),
  });
  const native = new NativeBooster(library, nativeParams(params), values(data), valids.map(values));
  const metrics = makeMetrics(params);
  try {
    const stopper = plan.earlyStopping && new EarlyStopper(plan.earlyStopping, plan.rounds - 1);
    let bestIteration = 0;
    for (let iteration = 0; iteration < plan.rounds && bestIteration === 0; iteration++) {
      native.step();
      const evaluations = plan.sets.flatMap(({ name, index }) => {
        const figures = native.evaluate(index);
        return metrics.map(
          ({ name: metric, maximize }, m): Evaluation => ({
            set: name,
            metric,
            value: figures[m]!,
            maximize,
            ofTraining: index < 0,
          }),
        );
      });
      report(iteration, evaluations);
      const best = stopper?.check(iteration, evaluations) ?? null;
      if (best !== null) bestIteration = best + 1;
    }
    return { booster: Booster.parse(native.text(bestIteration)), bestIteration };
  } finally {
    native.free();
  }
}
