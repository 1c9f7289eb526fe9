import type { Command } from 'commander';
import { wholeNumber } from '../whole-number.ts';

interface SweepFlags {
  readonly grid?: string;
  readonly workers?: number;
  readonly threads?: number;
  readonly uriFolder?: string;
  readonly queue?: string;
  readonly redis?: string;
  readonly dryRun?: boolean;
  readonly cache?: boolean;
  readonly again?: boolean;
  readonly report?: string | true;
  readonly experiment?: boolean;
  readonly best?: number;
  readonly rank?: boolean;
  readonly point?: number;
  readonly debug?: boolean;
}

/** Sweeps, batches, reproduction: what each does is loaded when it is called. */
export function registerSweepCommands(program: Command, version: string): void {
  const sweep = program
    .command('sweep')
    .description(
      'runs a workflow over many parameter values; the same command goes on where it was interrupted',
    )
    .argument('[file]', 'sweep file, or the base workflow with --grid')
    .option('--grid <file>', 'sweep file whose base workflow is the first argument')
    .option(
      '--workers <n>',
      'worker processes (default: one a core, as memory allows)',
      wholeNumber('--workers', 1, 1024),
    )
    .option('--queue <url>', 'redis://host:port: workers of any machine make the runs (see qrun worker)')
    .option('--redis <url>', 'the same as --queue')
    .option('--dry-run', 'show the plan and an estimate')
    .option('--threads <n>', 'worker threads of each process', wholeNumber('--threads', 1, 1024))
    .option('--no-cache', 'every worker process computes its own features')
    .option('--uri-folder <folder>', 'folder of the store below the current one (default: mlruns)')
    .option('--debug', 'show stack traces')
    .action(async (file: string | undefined, options: SweepFlags) => {
      const { sweepCommand } = await import('./sweep.ts');
      process.exitCode = await sweepCommand({ ...options, file, version });
    });

  const common = (command: Command) =>
    command
      .argument('<file>', 'sweep file')
      .option('--grid <file>', 'sweep file whose base workflow is the first argument')
      .option('--uri-folder <folder>', 'folder of the store below the current one (default: mlruns)')
      .option('--debug', 'show stack traces');
  common(sweep.command('show'))
    .description('leaderboard, importance of parameters, and how much of the best is luck')
    .option('--experiment', 'count every run of the experiment as a trial')
    .option('--report [file]', 'write a page with parallel coordinates (default: report.html)')
    .action(async (file: string, options: SweepFlags) => {
      const { sweepShowCommand } = await import('./sweep-show.ts');
      process.exitCode = await sweepShowCommand({ ...options, file, version });
    });
  common(sweep.command('holdout'))
    .description('runs the best point on the holdout dates; every opening is counted')
    .option('--point <n>', 'number of a point instead of the best', wholeNumber('--point', 1, 1e9))
    .option('--threads <n>', 'worker threads', wholeNumber('--threads', 1, 1024))
    .action(async (file: string, options: SweepFlags) => {
      const { sweepHoldoutCommand } = await import('./sweep-holdout.ts');
      process.exitCode = await sweepHoldoutCommand({ ...options, file, version });
    });
  common(sweep.command('ensemble'))
    .description('averages the predictions of the best points into a run of its own')
    .option('--best <n>', 'number of points', wholeNumber('--best', 1, 1e6), 5)
    .option('--rank', 'average ranks within each day instead of scores')
    .action(async (file: string, options: SweepFlags) => {
      const { sweepEnsembleCommand } = await import('./sweep-ensemble.ts');
      process.exitCode = await sweepEnsembleCommand({ ...options, file, version });
    });

  program
    .command('predict')
    .description('brings the predictions of a recorded model up to a day')
    .argument('<run>', 'id of the run, the beginning of it, or its name')
    .argument('[overrides...]', 'key.path=value, as qlib_init.provider_uri=FOLDER for newer data')
    .option('--end <date>', 'last day (default: the newest of the data)')
    .option(
      '--uri <uri>',
      'store: a folder, sqlite:///FILE or http://HOST (default: MLFLOW_TRACKING_URI, mlruns)',
    )
    .option('--threads <n>', 'worker threads (default: one a core)', wholeNumber('--threads', 1, 1024))
    .option('--debug', 'show stack traces')
    .action(
      async (
        run: string,
        overrides: string[],
        options: { uri?: string; end?: string; threads?: number; debug?: boolean },
      ) => {
        const { predictCommand } = await import('./predict.ts');
        process.exitCode = await predictCommand({ ...options, run, overrides });
      },
    );

  program
    .command('batch')
    .description(
      'runs many workflows: files, folders of them, or a manifest with dependencies, retries and limits; what has finished is not run again',
    )
    .argument('[words...]', 'workflow files, folders, manifests')
    .option('--again', 'run also what has finished before, with the same workflow and data')
    .option(
      '--workers <n>',
      'worker processes (default: one a core, as memory allows)',
      wholeNumber('--workers', 1, 1024),
    )
    .option('--threads <n>', 'worker threads of each process', wholeNumber('--threads', 1, 1024))
    .option('--uri-folder <folder>', 'folder of the store below the current one (default: mlruns)')
    .option('--debug', 'show stack traces')
    .action(async (words: string[], options: SweepFlags) => {
      const { batchCommand } = await import('./batch.ts');
      process.exitCode = await batchCommand({ ...options, words, version });
    });

  program
    .command('reproduce')
    .description(
      'makes a recorded run again and compares it byte by byte; exit code 0 only where it is identical',
    )
    .argument('<run>', 'id of the run, the beginning of it, or its name')
    .argument(
      '[overrides...]',
      'key.path=value, as qlib_init.provider_uri=FOLDER for data that lies elsewhere here',
    )
    .option(
      '--uri <uri>',
      'store: a folder, sqlite:///FILE or http://HOST (default: MLFLOW_TRACKING_URI, mlruns)',
    )
    .option('--threads <n>', 'worker threads (default: as many as then)', wholeNumber('--threads', 1, 1024))
    .option('-v, --verbose', 'show the log of the run')
    .option('--debug', 'show stack traces')
    .action(
      async (
        run: string,
        overrides: string[],
        options: { uri?: string; threads?: number; verbose?: boolean; debug?: boolean },
      ) => {
        const { reproduceCommand } = await import('./reproduce.ts');
        process.exitCode = await reproduceCommand({ ...options, run, overrides });
      },
    );

  program
    .command('worker')
    .description('makes runs of sweeps that wait in a queue, until it is told to end')
    .option('--queue <url>', 'redis://host:port')
    .option('--parallel <n>', 'runs at the same time', wholeNumber('--parallel', 1, 1024))
    .option('--with-parent', 'end with the process that started it')
    .option('--debug', 'show stack traces')
    .action(async (options: { queue?: string; parallel?: number; withParent?: boolean; debug?: boolean }) => {
      const { workerCommand } = await import('./worker.ts');
      process.exitCode = await workerCommand(options);
    });

  program.command('sweep-worker', { hidden: true }).action(async () => {
    const { workerMain } = await import('../sweep/worker-main.ts');
    await workerMain();
  });
}
