import { UserError } from '../../components/core/errors.ts';
import { isAlive, processMark } from '../../components/core/process-mark.ts';
import type { TrackingStore } from '../../records/tracking/store.ts';

const settleMs = 50;
/** Some servers can't delete a tag of an experiment. */
const nobody = 'nobody';

/**
 * Makes this process the one that drives a sweep: a tag of the experiment names it. Returns what gives it back.
 * @throws UserError where a living process of this machine drives it already
 */
export async function ownSweep(
  store: TrackingStore,
  experimentId: string,
  sweepId: string,
): Promise<() => Promise<void>> {
  const key = `qrun.sweep.${sweepId}.owner`;
  const owner = async () => (await store.getExperiment(experimentId)).tags.get(key) ?? '';
  const mark = processMark();
  const refuse = (other: string) => {
    throw new UserError(`the sweep is being run by process ${other.split(':')[1]} on this machine`, {
      hint: 'wait for it, or end it first: two would make the same points',
    });
  };
  const before = await owner();
  if (before !== '' && before !== mark && isAlive(before) === true) refuse(before);
  await store.setExperimentTag(experimentId, key, mark);
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const now = await owner();
  if (now !== mark) refuse(now);
  return async () => {
    if ((await owner()) === mark) await store.setExperimentTag(experimentId, key, nobody);
  };
}
