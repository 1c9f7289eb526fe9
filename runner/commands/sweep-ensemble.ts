import { UserError } from '../../components/core/errors.ts';
import { homeFolder } from '../../components/core/home-folder.ts';
import { processTerminal } from '../console.ts';
import { reportError } from '../report-error.ts';
import { leaderboard } from '../sweep/leaderboard.ts';
import { ensembleTags, saveEnsemble } from '../sweep/predictions/ensemble.ts';
import { sweepRuns } from '../sweep/sweep-state.ts';
import { runWorkflow } from '../workflow.ts';
import { openedSweep } from './sweep.ts';

export interface SweepEnsembleArguments {
  readonly file: string;
  readonly grid?: string;
  readonly uriFolder?: string;
  readonly best?: number;
  readonly rank?: boolean;
  readonly debug?: boolean;
  readonly version: string;
}

/**
 * `qrun sweep ensemble FILE`: the base workflow with the mean of the predictions of the best sets of values in place of a model's. All runs of a
 * set take part: seeds are averaged, the folds of a walk-forward follow each other, as in rolling retraining.
 */
export async function sweepEnsembleCommand(options: SweepEnsembleArguments): Promise<number> {
  const { best = 5, rank = false, debug = false, uriFolder } = options;
  try {
    const open = await openedSweep(options);
    const { store, sweep, id, experimentName } = open;
    const experimentId = await open.findExperiment();
    const runs = experimentId === undefined ? [] : await sweepRuns(store, experimentId, id);
    if (!sweep.goal)
      throw new UserError('the sweep has no metric to choose by', {
        hint: 'write metric: {name: IC, goal: maximize}',
      });
    const rows = leaderboard(runs, sweep.goal)
      .filter((row) => row.status === 'FINISHED' && !Number.isNaN(row.metric))
      .slice(0, best);
    if (rows.length === 0)
      throw new UserError('no point of the sweep has finished', {
        hint: `run it first: qrun sweep ${options.file}`,
      });
    const ensemble = {
      runIds: rows.flatMap((row) => row.runIds),
      how: rank ? ('rank' as const) : ('mean' as const),
    };
    const terminal = processTerminal();
    terminal.write(
      `${ensemble.how} of the predictions of ${ensemble.runIds.length} runs, the best ${rows.length} by ${sweep.goal.metric}\n`,
    );
    await runWorkflow({
      config: sweep.base,
      overrides: sweep.always,
      tags: { [ensembleTags.runs]: JSON.stringify(ensemble.runIds), [ensembleTags.how]: ensemble.how },
      experimentName,
      uriFolder,
      verbose: false,
      cwd: process.cwd(),
      home: homeFolder(),
      env: process.env,
      terminal,
      now: Date.now,
      hooks: {
        async reuseFit(_, recorder) {
          await saveEnsemble(store, ensemble, recorder);
          return true;
        },
      },
    });
    await store.close();
    return 0;
  } catch (error) {
    return reportError(error, debug);
  }
}
