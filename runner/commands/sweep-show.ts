import { writeFile } from 'node:fs/promises';
import { UserError } from '../../components/core/errors.ts';
import { reportError } from '../report-error.ts';
import { reportPage } from '../sweep/report-page.ts';
import { showLines, summarise } from '../sweep/show.ts';
import { openedSweep } from './sweep.ts';

export interface SweepShowArguments {
  readonly file: string;
  readonly grid?: string;
  readonly uriFolder?: string;
  readonly experiment?: boolean;
  readonly report?: string | true;
  readonly debug?: boolean;
  readonly version: string;
}

/** `qrun sweep show FILE`: what has come out of a sweep. */
export async function sweepShowCommand({
  experiment = false,
  report,
  debug = false,
  ...options
}: SweepShowArguments): Promise<number> {
  try {
    const open = await openedSweep(options);
    const experimentId = await open.findExperiment();
    if (experimentId === undefined)
      throw new UserError(`no experiment "${open.experimentName}" in ${open.uri}`, {
        hint: `run it first: qrun sweep ${options.file}`,
      });
    const summary = await summarise(open, experimentId, experiment);
    process.stdout.write(`${showLines(summary).join('\n')}\n`);
    if (report !== undefined) {
      const path = report === true ? 'report.html' : report;
      await writeFile(path, reportPage(summary));
      process.stdout.write(`report in ${path}\n`);
    }
    await open.store.close();
    return 0;
  } catch (error) {
    return reportError(error, debug);
  }
}
