import { UserError } from '../../components/core/errors.ts';
import { homeFolder } from '../../components/core/home-folder.ts';
import { leakText } from '../leaks/leak-text.ts';
import { proveLeaks } from '../leaks/prove-leaks.ts';
import { reportError } from '../report-error.ts';
import { runWorkflow } from '../workflow.ts';

export interface CheckLeaksArguments {
  readonly configs: readonly string[];
  /** Number of days at which data is cut. */
  readonly cuts: number;
  readonly threads?: number | undefined;
  readonly debug?: boolean;
}

/** `qrun check --leaks CONFIG...`: proves that nothing looks ahead, or shows what does; returns the exit code. */
export async function checkLeaksCommand({
  configs,
  cuts,
  threads,
  debug = false,
}: CheckLeaksArguments): Promise<number> {
  try {
    if (configs.length === 0)
      throw new UserError('no workflow file is given', { hint: 'usage: qrun check --leaks CONFIG.yaml ...' });
    let code = 0;
    for (const config of configs) {
      const proof = await proveLeaks({
        request: { config, threads, cwd: process.cwd(), home: homeFolder(), env: process.env, now: Date.now },
        run: runWorkflow,
        count: cuts,
        say: (line) => void process.stderr.write(`${config}: ${line}\n`),
      });
      for (const line of leakText(proof)) process.stdout.write(`${config}: ${line}\n`);
      if (proof.differences.length > 0) code = 1;
    }
    return code;
  } catch (error) {
    return reportError(error, debug);
  }
}
