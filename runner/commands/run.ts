import { homedir } from 'node:os';
import { UserError } from '../../components/core/errors.ts';
import { processTerminal } from '../console.ts';
import { reportError } from '../report-error.ts';
import { runWorkflow } from '../workflow.ts';

export interface RunArguments {
  readonly config: string | undefined;
  readonly experimentName: string | undefined;
  readonly uriFolder: string | undefined;
  readonly threads: number | undefined;
  readonly verbose: boolean;
  readonly debug: boolean;
}

/** `qrun CONFIG [experiment_name] [uri_folder]`; returns the exit code. */
export async function runCommand({ config, debug, ...rest }: RunArguments): Promise<number> {
  try {
    if (config === undefined)
      throw new UserError('no workflow file is given', {
        hint: 'usage: qrun CONFIG.yaml [experiment_name] [uri_folder]',
      });
    await runWorkflow({
      ...rest,
      config,
      cwd: process.cwd(),
      home: homedir(),
      env: process.env,
      terminal: processTerminal(),
      now: Date.now,
    });
    return 0;
  } catch (error) {
    return reportError(error, debug);
  }
}
