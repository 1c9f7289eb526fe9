import { parseTime } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import { homeFolder } from '../../components/core/home-folder.ts';
import { panelToTable } from '../../components/core/table.ts';
import { encodeObject } from '../../records/codec/codec.ts';
import { isNotFound } from '../../records/tracking/errors.ts';
import { reportError } from '../report-error.ts';
import { updatePredictions } from '../sweep/predictions/update.ts';
import { findRun } from './runs/find-run.ts';
import { print, type StoreFlags, withStore } from './runs/open.ts';

export interface PredictFlags extends StoreFlags {
  readonly run: string;
  readonly overrides: readonly string[];
  /** Default: the newest day of the data. */
  readonly end?: string;
  readonly threads?: number;
  readonly debug?: boolean;
}

/** Sums over windows round a little differently over another range of days. */
const roundingError = 1e-5;

/** `qrun predict RUN --end DATE`: brings the predictions of a recorded model up to a day; pred.pkl of the run grows. */
export async function predictCommand({ debug = false, end, ...flags }: PredictFlags): Promise<number> {
  try {
    const time = end === undefined ? undefined : parseTime(end);
    if (end !== undefined && time === undefined)
      throw new UserError(`"${end}" is no date`, { hint: 'write it as 2024-01-31' });
    return await withStore(flags, async (store) => {
      const { info } = await findRun(store, flags.run);
      const { runId } = info;
      const artifacts = await store.artifacts(runId);
      let config: string;
      try {
        config = Buffer.from(await artifacts.read('config.yaml')).toString('utf8');
      } catch (error) {
        if (!isNotFound(error)) throw error;
        throw new UserError(`run ${runId} has no config.yaml`, {
          hint: 'runs of qrun have one; runs of Python qlib have none',
        });
      }
      const update = await updatePredictions({
        store,
        runId,
        config,
        overrides: flags.overrides,
        end: time,
        threads: flags.threads,
        cwd: process.cwd(),
        home: homeFolder(),
        env: process.env,
      });
      await artifacts.write('pred.pkl', await encodeObject('pred.pkl', panelToTable(update.pred)));
      await store.logBatch(runId, { tags: [['qrun.predict.end', update.after]] });
      if (update.lastDayDifference > roundingError)
        print(
          `warning: the predictions of ${update.before}, made again, differ by up to ${update.lastDayDifference}: its data or the program has changed`,
        );
      print(
        `run ${runId}: ${update.newRows} predictions from after ${update.before} to ${update.after} added to pred.pkl`,
      );
      return 0;
    });
  } catch (error) {
    return reportError(error, debug);
  }
}
