import type { Command } from 'commander';
import { unknownName } from '../../../components/core/nearest.ts';
import { wholeNumber } from '../../whole-number.ts';

/** `qrun runs ...`: each command's code is loaded when it is called. */
export function registerRuns(program: Command): void {
  const uri = [
    '--uri <uri>',
    'store: a folder, sqlite:///FILE or http://HOST:PORT (default: MLFLOW_TRACKING_URI, else mlruns)',
  ] as const;
  const limit = wholeNumber('--limit', 1, 1e6);
  const runs = program
    .command('runs')
    .allowExcessArguments()
    .description('lists runs; a run is named by its id, the beginning of it, its name, or "latest"')
    .option(...uri)
    .option('-e, --experiment <name...>', 'only these experiments')
    .option(
      '-f, --filter <filter>',
      `MLflow's search language: "metrics.IC > 0.03 and params.model.class = 'LGBModel'"`,
    )
    .option('-s, --sort <key...>', '"IC desc", "params.x", "start_time" (default: the newest first)')
    .option('-n, --limit <n>', 'runs to show', limit, 50)
    .option('-c, --columns <names>', 'metrics, params, tags and attributes, by commas; metrics.* for all')
    .option('--deleted', 'those in the trash')
    .option('--all', 'those in the trash as well')
    .option('--json', 'print JSON')
    .option('--csv', 'print CSV')
    .action(async (options, command: Command) => {
      const [excess] = command.args;
      if (excess !== undefined)
        throw unknownName(
          'command',
          excess,
          runs.commands.map((c) => c.name()),
        );
      const { listRuns } = await import('./list.ts');
      process.exitCode = await listRuns(options);
    });
  // `qrun runs --uri X show RUN` is the same as `qrun runs show RUN --uri X`
  const add = (name: string, description: string) =>
    runs
      .command(name)
      .allowExcessArguments(false)
      .description(description)
      .option(...uri);
  const flags = <T extends object>(command: Command): T =>
    ({ ...command.parent?.opts(), ...command.opts() }) as T;

  add('show', 'shows all that is known of a run, or what one of its artifacts holds')
    .argument('<run>', 'run')
    .argument('[artifact]', 'artifact, such as pred.pkl; nothing in it is executed')
    .option('--json', 'print JSON')
    .option('--rows <n>', 'rows of a table to show', wholeNumber('--rows', 1, 1e6))
    .action(async (run: string, artifact: string | undefined, _: object, command: Command) => {
      const { showRun } = await import('./show.ts');
      process.exitCode = await showRun({
        ...flags(command),
        run,
        ...(artifact === undefined ? {} : { artifact }),
      });
    });
  add('compare', 'compares runs with the first one: configs, metrics, predictions, returns')
    .argument('<runs...>', 'two runs or more')
    .option('--json', 'print JSON')
    .option('--samples <n>', 'resamples of the bootstrap', wholeNumber('--samples', 100, 1e6), 2000)
    .option('--seed <n>', 'seed of the bootstrap', wholeNumber('--seed', 0, 2 ** 32 - 1), 0)
    .action(async (names: string[], _: object, command: Command) => {
      const { compareRuns } = await import('./compare.ts');
      process.exitCode = await compareRuns({
        ...flags<{ samples: number; seed: number }>(command),
        runs: names,
      });
    });
  add('export', 'copies runs with all artifacts into a folder that is a store itself, or into a zip file')
    .argument('<runs...>', 'runs, then the folder or FILE.zip')
    .action(async (names: string[], _: object, command: Command) => {
      const { exportRuns } = await import('./export.ts');
      process.exitCode = await exportRuns({
        ...flags(command),
        runs: names.slice(0, -1),
        target: names.at(-1)!,
      });
    });
  add(
    'import',
    'copies the runs of another store, an exported folder, a zip file or an mlruns of MLflow, into this one',
  )
    .argument('<source>', 'folder or FILE.zip')
    .action(async (source: string, _: object, command: Command) => {
      const { importRuns } = await import('./import.ts');
      process.exitCode = await importRuns({ ...flags(command), source });
    });
  add('rm', 'moves runs to the trash')
    .argument('<runs...>', 'runs')
    .action(async (names: string[], _: object, command: Command) => {
      const { removeRuns } = await import('./remove.ts');
      process.exitCode = await removeRuns({ ...flags(command), runs: names });
    });
  add('restore', 'brings runs back from the trash')
    .argument('<runs...>', 'runs')
    .action(async (names: string[], _: object, command: Command) => {
      const { restoreRuns } = await import('./remove.ts');
      process.exitCode = await restoreRuns({ ...flags(command), runs: names });
    });
  add('gc', 'deletes for good what is in the trash')
    .option('-y, --yes', 'do not ask')
    .option('--dry-run', 'only tell what would be deleted')
    .action(async (_: object, command: Command) => {
      const { collectGarbage } = await import('./remove.ts');
      process.exitCode = await collectGarbage(flags(command));
    });
  add('mark-dead', 'marks runs FAILED that say RUNNING, but whose process is gone')
    .argument('[runs...]', 'only these, also where nothing is known of their process')
    .option('--silent', 'also runs of other machines that gave no sign of life for long')
    .action(async (names: string[], _: object, command: Command) => {
      const { markDeadCommand } = await import('./remove.ts');
      process.exitCode = await markDeadCommand({ ...flags(command), runs: names });
    });
}

/** `qrun data diff`. */
export function registerDataDiff(data: Command): void {
  data
    .command('diff')
    .description(
      'says what differs between the data that a run has read and the data now, or that of another run',
    )
    .argument('<run>', 'run')
    .argument('[other]', 'another run')
    .option('--uri <uri>', 'store of the runs (default: MLFLOW_TRACKING_URI, else mlruns)')
    .option('--folder <folder>', 'data folder to compare with, instead of the one that the run has read')
    .option('--exit-code', 'exit with 1 where something differs')
    .option('--json', 'print JSON')
    .action(async (run: string, other: string | undefined, options: object) => {
      const { dataDiffCommand } = await import('../data-diff.ts');
      process.exitCode = await dataDiffCommand({
        ...options,
        run,
        ...(other === undefined ? {} : { other }),
      });
    });
}
