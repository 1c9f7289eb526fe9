import { availableParallelism } from 'node:os';
import { UserError } from '../../components/core/errors.ts';
import { homeFolder } from '../../components/core/home-folder.ts';
import { processTerminal } from '../console.ts';
import { reportError } from '../report-error.ts';
import { EarlierRunsFinder } from '../sweep/batch/earlier-runs.ts';
import { readBatch } from '../sweep/batch/read-batch.ts';
import { type ItemEnd, isThere, runBatch } from '../sweep/batch/run-batch.ts';
import { LocalExecutor } from '../sweep/executor.ts';

export interface BatchArguments {
  readonly words: readonly string[];
  readonly workers?: number;
  readonly threads?: number;
  readonly uriFolder?: string;
  /** Runs also what an earlier attempt has finished. */
  readonly again?: boolean;
  readonly version: string;
  readonly debug?: boolean;
}

const interruptedCode = 130;

/** `qrun batch DIR|FILES|MANIFEST`: many workflows. 0: all have finished, 1: not all, 130: interrupted. */
export async function batchCommand({
  words,
  workers,
  threads,
  uriFolder,
  again = false,
  version,
  debug = false,
}: BatchArguments): Promise<number> {
  const terminal = processTerminal();
  const say = (line: string) => terminal.write(`${line}\n`);
  try {
    if (words.length === 0)
      throw new UserError('no workflow is given', {
        hint: 'usage: qrun batch FOLDER, qrun batch A.yaml B.yaml, or qrun batch MANIFEST.yaml',
      });
    const cwd = process.cwd();
    const batch = await readBatch(words, { cwd, env: process.env });
    const cores = availableParallelism();
    const parallel = workers ?? batch.parallel ?? cores;
    const earlier = new EarlierRunsFinder({ cwd, home: homeFolder(), env: process.env, uriFolder, version });
    const executor = new LocalExecutor({ parallel, env: process.env });
    let interrupts = 0;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (++interrupts > 1) process.exit(interruptedCode);
        void executor.interrupt();
      });
    say(`${batch.items.length} workflows, ${parallel} at a time`);
    let count = 0;
    try {
      const ends = await runBatch({
        items: batch.items,
        executor,
        threads: threads ?? Math.max(1, Math.floor(cores / parallel)),
        cwd,
        uriFolder,
        async earlier(item) {
          const found = await earlier.find(item);
          return again ? { ...found, finished: undefined } : found;
        },
        onEnd({ name }, end) {
          count++;
          say(`[${count}/${batch.items.length}] ${name}: ${endText(end)}`);
        },
        onRetry: ({ name }, message) => say(`${name}: again: ${message.split('\n')[0]}`),
      });
      const finished = [...ends.values()].filter(isThere).length;
      say(`${finished} of ${batch.items.length} have finished`);
      return interrupts > 0 ? interruptedCode : finished === batch.items.length ? 0 : 1;
    } finally {
      await executor.close();
    }
  } catch (error) {
    return reportError(error, debug);
  }
}

function endText(end: ItemEnd): string {
  switch (end.status) {
    case 'finished':
      return `finished ${end.seconds.toFixed(1)} s  run ${end.runId}`;
    case 'done':
      return `has finished before  run ${end.runId}`;
    default:
      return `${end.status} ${end.message}`;
  }
}
