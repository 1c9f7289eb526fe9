import { existsSync } from 'node:fs';
import { UserError } from '../../components/core/errors.ts';
import { homeFolder } from '../../components/core/home-folder.ts';
import { nearest } from '../../components/core/nearest.ts';
import { processTerminal } from '../console.ts';
import { isOverride } from '../overrides/parse-override.ts';
import { overrideProduct } from '../overrides/product.ts';
import { reportError } from '../report-error.ts';
import { runWorkflow } from '../workflow.ts';

export interface RunArguments {
  /** The command line's words: config, experiment name, folder of the store, and among those behind the config overrides. */
  readonly words: readonly string[];
  readonly config: string | undefined;
  readonly experimentName: string | undefined;
  readonly uriFolder: string | undefined;
  /** A run for each combination of the overrides' values. */
  readonly isMultirun: boolean;
  readonly threads: number | undefined;
  readonly cache?: boolean | undefined;
  /** Whether the model is trained even where an earlier run has trained the same. */
  readonly isRetrained?: boolean | undefined;
  /** Whether CPU profiles are taken and told. */
  readonly isProfiled?: boolean | undefined;
  readonly verbose: boolean;
  readonly debug: boolean;
  readonly version: string;
  /** Names of qrun's commands, for a first word that is none of them. */
  readonly commands?: readonly string[];
}

/** `qrun CONFIG [experiment_name] [uri_folder] [key.path=value ...]`; returns the exit code. */
export async function runCommand(options: RunArguments): Promise<number> {
  const { debug, threads, verbose, isMultirun, cache, isRetrained, isProfiled } = options;
  try {
    const [first, ...others] =
      options.config === undefined ? options.words : [options.config, ...options.words];
    if (first === undefined)
      throw new UserError('no workflow file is given', {
        hint: 'usage: qrun CONFIG.yaml [experiment_name] [uri_folder] [key.path=value ...]',
      });
    const overrides = others.filter(isOverride);
    const [name, folder, ...excess] = others.filter((word) => !isOverride(word));
    if (excess.length > 0)
      throw new UserError(`one word too many: "${excess[0]}"`, {
        hint: 'usage: qrun CONFIG.yaml [experiment_name] [uri_folder] [key.path=value ...]',
      });
    for (const word of [name, folder]) if (word !== undefined) refuseHalfOverride(word);
    const { commands = [] } = options;
    const near = /^[a-z]+$/.test(first) && !existsSync(first) ? nearest(first, commands) : undefined;
    if (near !== undefined)
      throw new UserError(`"${first}" is no command and no workflow file`, {
        hint: `did you mean "qrun ${near}"? qrun --help lists the commands`,
      });
    const request = {
      config: first,
      experimentName: name ?? options.experimentName,
      uriFolder: folder ?? options.uriFolder,
      threads,
      cache,
      takesModels: !isRetrained,
      isProfiled,
      verbose,
      cwd: process.cwd(),
      home: homeFolder(),
      env: process.env,
      terminal: processTerminal(),
      now: Date.now,
    };
    const runs = isMultirun ? overrideProduct(overrides) : [overrides];
    for (const [i, words] of runs.entries()) {
      if (isMultirun)
        request.terminal.write(`${i > 0 ? '\n' : ''}[${i + 1}/${runs.length}] ${words.join(' ')}\n`);
      await runWorkflow({ ...request, overrides: words });
    }
    return 0;
  } catch (error) {
    return reportError(error, debug);
  }
}

/** `task.model.kwargs.alpha` or `=5` is half of an override, and hardly the name of an experiment or a folder. */
function refuseHalfOverride(word: string): void {
  if (
    word.startsWith('=') ||
    /^[+~]?(?:qlib_init|task|port_analysis_config|data_handler_config)\.[\w.]+$/.test(word)
  )
    throw new UserError(`"${word}" is half of an override`, { hint: 'write key.path=value, without spaces' });
}
