import { Command } from 'commander';
import { registerDataCommands } from './commands/data/register.ts';
import { registerCacheCommands } from './commands/register-cache.ts';
import { registerSweepCommands } from './commands/register-sweep.ts';
import { registerDataDiff, registerRuns } from './commands/runs/register.ts';
import { wholeNumber } from './whole-number.ts';

const version = '0.1.0';

/** Ends the process with 1 after telling what was wrong; a stack trace only for our own faults or with --debug. */
async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('qrun')
    .description('Runs a quantitative research workflow from a YAML file and records it.')
    .version(version, '-V, --version')
    .argument('[config]', 'workflow YAML file')
    .argument('[experiment_name]', "experiment to record in (the file's own experiment_name comes first)")
    .argument('[uri_folder]', 'folder of the store below the current one')
    .option('--config-path <config>', 'the same as the first argument')
    .option('--experiment-name <name>', 'the same as the second argument')
    .option('--uri-folder <folder>', 'the same as the third argument (default: mlruns)')
    .option('--threads <n>', 'worker threads (default: one a core)', wholeNumber('--threads', 1, 1024))
    .option(
      '-m, --multirun',
      'a run for each combination of the values in overrides: key.path=1,2 (add key.path=value words)',
    )
    .option(
      '--cache',
      'keep computed features and the model for later runs, also where the workflow says cache: false',
    )
    .option('--no-cache', 'compute all features, train, keep nothing')
    .option('--retrain', 'train, also where an earlier run has trained the same model on the same data')
    .option('--profile', 'tell where the time goes, and keep a .cpuprofile of each thread with the run')
    .option('-v, --verbose', 'show the whole log in the terminal')
    .option('--debug', 'show stack traces')
    .showHelpAfterError('(qrun --help shows what is allowed)')
    .enablePositionalOptions()
    .allowExcessArguments()
    .action(
      async (_config: unknown, _name: unknown, _folder: unknown, options: RunFlags, command: Command) => {
        const { runCommand } = await import('./commands/run.ts');
        process.exitCode = await runCommand({
          words: command.args,
          config: options.configPath,
          experimentName: options.experimentName,
          uriFolder: options.uriFolder,
          isMultirun: options.multirun === true,
          threads: options.threads,
          cache: options.cache,
          isRetrained: options.retrain === true,
          isProfiled: options.profile === true,
          verbose: options.verbose === true,
          debug: options.debug === true,
          version,
          commands: program.commands.map((c) => c.name()),
        });
      },
    );

  program
    .command('check')
    .description('checks workflow files without running them: every mistake at once')
    .argument('[configs...]', 'workflow YAML files')
    .option('--schema [folder]', 'write JSON schemas for editors (default folder: configs/schema)')
    .option('--strict', 'end with 1 for warnings, too')
    .option('--leaks', 'run each with data cut at several days, and tell of every earlier value that changes')
    .option('--cuts <n>', 'number of those days', wholeNumber('--cuts', 1, 100), 3)
    .option('--debug', 'show stack traces')
    .action(async (configs: string[], options: CheckFlags) => {
      if (options.leaks) {
        const { checkLeaksCommand } = await import('./commands/check-leaks.ts');
        process.exitCode = await checkLeaksCommand({ configs, ...options });
        return;
      }
      const { checkCommand } = await import('./commands/check.ts');
      process.exitCode = await checkCommand({ configs, ...options });
    });

  program
    .command('show')
    .description('prints what an artifact holds (.pkl, .json, .csv, .parquet); nothing in it is executed')
    .argument('<file>', 'artifact file')
    .option('--json', 'print JSON')
    .option('--rows <n>', 'rows of a table to show', wholeNumber('--rows', 1, 1e6))
    .action(async (file: string, options: { json?: boolean; rows?: number }) => {
      const { showCommand } = await import('./commands/show.ts');
      process.exitCode = await showCommand({ file, ...options });
    });

  program
    .command('report')
    .description('makes report.html of a run again from what it has recorded')
    .argument('<run>', 'run: its id, the beginning of it, its name, or "latest"')
    .option('--uri <uri>', 'store (default: MLFLOW_TRACKING_URI, else mlruns)')
    .option('--out <file>', "write the page to this file instead of the run's artifact")
    .action(async (run: string, options: { uri?: string; out?: string }) => {
      const { reportCommand } = await import('./commands/report.ts');
      process.exitCode = await reportCommand({ run, ...options });
    });

  program
    .command('explain')
    .description(
      'explains one instrument on one day of a run: bar, features, processors, score, orders, cash',
    )
    .argument('<run>', 'run: its id, the beginning of it, its name, or "latest"')
    .requiredOption('--instrument <name>', 'instrument')
    .requiredOption('--date <day>', 'trading day, such as 2020-01-31')
    .option('--top <n>', 'show only the n features that add most to the score', wholeNumber('--top', 1, 1e6))
    .option('--uri <uri>', 'store (default: MLFLOW_TRACKING_URI, else mlruns)')
    .option('--json', 'print JSON')
    .action(
      async (
        run: string,
        options: { instrument: string; date: string; top?: number; uri?: string; json?: boolean },
      ) => {
        const { explainCommand } = await import('./commands/explain.ts');
        process.exitCode = await explainCommand({ run, ...options });
      },
    );

  const data = program.command('data').description('data folders in the binary layout of qlib');
  data
    .command('demo')
    .description('writes a seeded, made-up market')
    .argument('<folder>', 'folder to make')
    .option('--instruments <n>', 'number of instruments', '120')
    .option('--years <n>', 'number of years', '8')
    .option('--seed <n>', 'seed', '7')
    .action(async (folder: string, options: { instruments: string; years: string; seed: string }) => {
      const { dataDemoCommand } = await import('./commands/data-demo.ts');
      process.exitCode = await dataDemoCommand({ folder, ...options });
    });

  registerDataCommands(data);
  registerCacheCommands(program);
  registerDataDiff(data);
  registerRuns(program);

  for (const [name, description] of [
    ['server', "serves a store to MLflow's clients and the browser"],
    ['ui', 'opens the page of a store in the browser'],
  ] as const) {
    const command = program
      .command(name)
      .description(description)
      .argument('[uri]', 'store: a folder, or sqlite:///FILE', 'mlruns')
      .option('--host <host>', 'address to listen on', '127.0.0.1')
      .option('--port <port>', 'port; 0: any free one', '5000')
      .option('--token <token>', 'ask for this token (or the environment variable QRUN_TOKEN)')
      .option('--insecure', 'serve other machines without a token')
      .option('--allowed-host <name...>', 'further names under which the server is reached')
      .option('--artifacts <folder...>', 'folders outside the store from which artifacts may be served');
    if (name === 'ui') command.option('--no-open', 'do not open a browser');
    command.action(async (uri: string, options: ServerFlags) => {
      if (name === 'server') {
        const { serverCommand } = await import('./commands/server.ts');
        process.exitCode = await serverCommand({ uri, ...options });
      } else {
        const { uiCommand } = await import('./commands/ui.ts');
        process.exitCode = await uiCommand({ uri, ...options });
      }
    });
  }

  registerSweepCommands(program, version);

  await program.parseAsync(argv as string[]);
}

interface ServerFlags {
  readonly host?: string;
  readonly port?: string;
  readonly token?: string;
  readonly insecure?: boolean;
  readonly allowedHost?: string[];
  readonly artifacts?: string[];
  readonly open?: boolean;
}

interface CheckFlags {
  readonly schema?: string | true;
  readonly strict?: boolean;
  readonly leaks?: boolean;
  readonly cuts: number;
  readonly debug?: boolean;
}

interface RunFlags {
  readonly configPath?: string;
  readonly experimentName?: string;
  readonly uriFolder?: string;
  readonly threads?: number;
  readonly multirun?: boolean;
  readonly cache?: boolean;
  readonly retrain?: boolean;
  readonly profile?: boolean;
  readonly verbose?: boolean;
  readonly debug?: boolean;
}

// a reader that has gone away, as in `qrun show X | head`, is no fault; a full disk below the output does not end a run
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exitCode = 1;
  });

main(process.argv).catch(async (error: unknown) => {
  const { reportError } = await import('./report-error.ts');
  process.exitCode = reportError(error, process.argv.includes('--debug'));
});
