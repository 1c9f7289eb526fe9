import { UserError } from '../../components/core/errors.ts';
import { homeFolder } from '../../components/core/home-folder.ts';
import { processTerminal } from '../console.ts';
import { reportError } from '../report-error.ts';
import { countOpening } from '../sweep/holdout-openings.ts';
import { leaderboard } from '../sweep/leaderboard.ts';
import { sweepRuns } from '../sweep/sweep-state.ts';
import { tags } from '../sweep/tags.ts';
import { backtestPaths } from '../sweep/walk-forward.ts';
import { runWorkflow } from '../workflow.ts';
import { openedSweep } from './sweep.ts';

export interface SweepHoldoutArguments {
  readonly file: string;
  readonly grid?: string;
  readonly uriFolder?: string;
  /** Number of a point as the leaderboard shows it; default the best one. */
  readonly point?: number;
  readonly threads?: number;
  readonly debug?: boolean;
  readonly version: string;
}

/**
 * `qrun sweep holdout FILE`: trains the best set of values as the sweep did and tests it on the holdout dates, which the sweep could not read. The
 * opening is counted in the store before it happens.
 */
export async function sweepHoldoutCommand(options: SweepHoldoutArguments): Promise<number> {
  const { debug = false, point, threads, uriFolder } = options;
  try {
    const open = await openedSweep(options);
    const { store, sweep, id, experimentName, base } = open;
    const { holdout } = sweep;
    if (!holdout)
      throw new UserError('the sweep has no holdout', {
        hint: 'write holdout: {start: 2022-01-03, end: 2022-12-30}',
      });
    const experimentId = await open.findExperiment();
    const runs = experimentId === undefined ? [] : await sweepRuns(store, experimentId, id);
    const rows = leaderboard(runs, sweep.goal).filter((row) => row.status === 'FINISHED');
    const row = point === undefined ? rows[0] : rows.find(({ trial }) => trial === point - 1);
    if (experimentId === undefined || !row)
      throw new UserError(
        point === undefined ? 'no point of the sweep has finished' : `no finished point ${point}`,
        { hint: `qrun sweep show ${options.file} lists them` },
      );
    const terminal = processTerminal();
    const count = await countOpening(store, experimentId, holdout);
    terminal.write(
      `opening ${count} of the holdout ${holdout.start} to ${holdout.end}, with point ${row.trial + 1}\n`,
    );
    const run = runs.find(({ info }) => info.runId === row.runIds[0])!;
    const own = JSON.parse(run.data.tags.get(tags.overrides) ?? '[]') as string[];
    const { start, end } = holdout;
    await runWorkflow({
      config: sweep.base,
      overrides: [
        ...sweep.always,
        ...own,
        `task.dataset.kwargs.segments.test=[${start}, ${end}]`,
        `++task.dataset.kwargs.handler.kwargs.end_time=${end}`,
        ...backtestPaths(base).flatMap((path) => [
          `++${path}.start_time=${start}`,
          `++${path}.end_time=${end}`,
        ]),
      ],
      tags: {
        'qrun.holdout': `${start}_${end}`,
        'qrun.holdout.opening': String(count),
        'qrun.holdout.run': row.runIds[0]!,
      },
      experimentName,
      uriFolder,
      threads,
      verbose: false,
      cwd: process.cwd(),
      home: homeFolder(),
      env: process.env,
      terminal,
      now: Date.now,
    });
    await store.close();
    return 0;
  } catch (error) {
    return reportError(error, debug);
  }
}
