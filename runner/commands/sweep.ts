import { availableParallelism } from 'node:os';
import { UserError } from '../../components/core/errors.ts';
import { homeFolder } from '../../components/core/home-folder.ts';
import { processTerminal } from '../console.ts';
import { reportError } from '../report-error.ts';
import { type Executor, LocalExecutor } from '../sweep/executor.ts';
import { type OpenSweep, openSweep } from '../sweep/open-sweep.ts';
import { SweepRun } from '../sweep/run-sweep.ts';
import { ownSweep } from '../sweep/sweep-owner.ts';
import { TerminalView } from '../sweep/view.ts';

export interface SweepArguments {
  readonly file: string | undefined;
  readonly grid?: string;
  readonly workers?: number;
  readonly threads?: number;
  readonly uriFolder?: string;
  readonly queue?: string;
  readonly redis?: string;
  readonly dryRun?: boolean;
  readonly cache?: boolean;
  readonly debug?: boolean;
  readonly version: string;
}

const interruptedCode = 130;

/** `qrun sweep FILE`: runs what the sweep still lacks. 0: all have finished, 1: some failed, 130: interrupted. */
export async function sweepCommand(options: SweepArguments): Promise<number> {
  const { debug = false } = options;
  const terminal = processTerminal();
  const say = (line: string) => terminal.write(`${line}\n`);
  try {
    const open = await openedSweep(options);
    for (const warning of open.warnings) say(warning);
    const cores = availableParallelism();
    const parallel = options.workers ?? open.sweep.parallel ?? cores;
    if (options.dryRun) {
      const { planLines } = await import('../sweep/plan.ts');
      for (const line of await planLines(open, parallel)) say(line);
      await open.store.close();
      return 0;
    }
    const experimentId = await open.experimentId();
    const disown = await ownSweep(open.store, experimentId, open.id);
    say(`sweep "${open.sweep.name}" (${open.id}) -> experiment "${open.experimentName}" in ${open.uri}`);
    const executor = await executorOf(options, parallel, say);
    const view = new TerminalView({ terminal, goal: open.sweep.goal, now: Date.now });
    try {
      const run = await SweepRun.start({
        open,
        experimentId,
        executor,
        view,
        threads: options.threads ?? Math.max(1, Math.floor(cores / parallel)),
        cache: options.cache === false ? false : undefined,
        cwd: process.cwd(),
        uriFolder: options.uriFolder,
        now: Date.now,
      });
      onInterrupt(() => void run.interrupt());
      const { finished, failed, isInterrupted } = await run.run();
      view.end();
      say(`${finished} runs have finished${failed > 0 ? `, ${failed} failed` : ''}`);
      if (isInterrupted) say('interrupted; the same command goes on from here');
      return isInterrupted ? interruptedCode : failed > 0 ? 1 : 0;
    } finally {
      view.close();
      await executor.close();
      await disown();
      await open.store.close();
    }
  } catch (error) {
    return reportError(error, debug);
  }
}

/** The sweep that the words of the command line name. */
export async function openedSweep(options: {
  readonly file: string | undefined;
  readonly grid?: string;
  readonly uriFolder?: string;
  readonly version: string;
}): Promise<OpenSweep> {
  const { file, grid, uriFolder, version } = options;
  if (file === undefined)
    throw new UserError('no sweep file is given', {
      hint: 'usage: qrun sweep SWEEP.yaml, or qrun sweep WORKFLOW.yaml --grid SWEEP.yaml',
    });
  return openSweep({
    file,
    grid,
    uriFolder,
    version,
    cwd: process.cwd(),
    home: homeFolder(),
    env: process.env,
  });
}

async function executorOf(
  options: SweepArguments,
  parallel: number,
  say: (line: string) => void,
): Promise<Executor> {
  const url = options.queue ?? options.redis;
  if (url === undefined) return new LocalExecutor({ parallel, env: process.env });
  const { queueExecutor } = await import('../sweep/queue/executor.ts');
  return queueExecutor({ url, workers: options.workers ?? 0, env: process.env, say });
}

/** The first signal ends the sweep cleanly, the second at once. */
function onInterrupt(interrupt: () => void): void {
  let count = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (++count > 1) process.exit(interruptedCode);
      interrupt();
    });
}
