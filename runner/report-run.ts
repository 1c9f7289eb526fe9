import type { Log } from '../components/core/log.ts';
import type { WorkerPool } from '../components/core/workers.ts';
import type { DataProvider } from '../components/data/provider.ts';
import { trialsOf } from '../records/report/trials.ts';
import { writeReport } from '../records/report/write-report.ts';
import type { RunWork } from '../records/template/run-work.ts';
import type { QlibRecorder } from '../records/tracking/r.ts';
import type { Recorder } from '../records/tracking/recorder.ts';
import { isLost } from './lost-run.ts';

export interface ReportRunOptions {
  readonly R: QlibRecorder;
  readonly recorder: Recorder;
  readonly data: DataProvider;
  readonly log: Log;
  readonly pool?: WorkerPool | undefined;
  /** What the records have reckoned already. */
  readonly runWork?: RunWork | undefined;
}

/** Statistics and `report.html` of a run whose records are made. A run does not fail for want of them: what goes wrong is a warning. */
export async function reportRun({ R, recorder, data, log, pool, runWork }: ReportRunOptions): Promise<void> {
  try {
    const trials = await trialsOf(await R.expManager.store(), recorder.experimentId, recorder.id);
    await writeReport(recorder, { log, data, trials, pool, runWork });
  } catch (error) {
    if (isLost(recorder)) throw error;
    log.warn(`no report: ${error instanceof Error ? error.message : String(error)}`);
  }
}
