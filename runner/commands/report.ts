import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError } from '../../components/core/errors.ts';
import { trialsOf } from '../../records/report/trials.ts';
import { reportHtml, reportName } from '../../records/report/write-report.ts';
import { recorderOf } from '../explain/recorder-of.ts';
import { print, type StoreFlags, withStore } from './runs/open.ts';

export interface ReportFlags extends StoreFlags {
  readonly run: string;
  /** Write the page to this file instead of the run's artifact. */
  readonly out?: string;
}

/** `qrun report RUN`: makes report.html again from what the run has recorded. */
export function reportCommand(flags: ReportFlags): Promise<number> {
  return withStore(flags, async (store) => {
    const recorder = await recorderOf(store, flags);
    const log = { info() {}, metric() {}, progress() {}, warn: (text: string) => print(`warning: ${text}`) };
    const trials = await trialsOf(store, recorder.experimentId, recorder.id);
    const page = await reportHtml(recorder, { log, trials });
    if (page === undefined)
      throw new UserError(`run ${recorder.id} has neither a signal nor a backtest to report`, {
        hint: 'SignalRecord writes pred.pkl and label.pkl, PortAnaRecord the backtest',
      });
    if (flags.out !== undefined) {
      await writeFile(resolve(flags.out), page);
      print(resolve(flags.out));
      return 0;
    }
    await recorder.saveObjects({ [reportName]: page });
    print(`${recorder.artifactUri.replace(/\/$/, '')}/${reportName}`);
    return 0;
  });
}
