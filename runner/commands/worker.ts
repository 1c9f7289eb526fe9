import { availableParallelism } from 'node:os';
import { UserError } from '../../components/core/errors.ts';
import { reportError } from '../report-error.ts';
import { runQueued } from '../sweep/queue/run-queued.ts';
import { serveQueue } from '../sweep/queue/serve-queue.ts';
import { WorkerProcess } from '../sweep/worker-process.ts';

export interface WorkerArguments {
  readonly queue?: string;
  /** Runs at the same time. */
  readonly parallel?: number;
  readonly withParent?: boolean;
  readonly debug?: boolean;
}

/** `qrun worker --queue redis://...`: makes runs of sweeps until it is told to end. */
export async function workerCommand({
  queue,
  parallel = 1,
  withParent = false,
  debug = false,
}: WorkerArguments): Promise<number> {
  try {
    if (queue === undefined)
      throw new UserError('no queue is given', { hint: 'usage: qrun worker --queue redis://host:6379' });
    if (withParent) endWithParent();
    const say = (line: string) => void process.stdout.write(`${line}\n`);
    const idle = Array.from({ length: parallel }, () => new WorkerProcess({ env: process.env }));
    const all = [...idle];
    const threads = Math.max(1, Math.floor(availableParallelism() / parallel));
    const served = await serveQueue({
      url: queue,
      concurrency: parallel,
      say,
      async run(job, context) {
        const worker = idle.pop()!;
        try {
          const outcome = await runQueued({ ...job, threads: job.threads ?? threads }, context, worker);
          say(`${job.id} ${outcome.status}`);
          return outcome;
        } finally {
          idle.push(worker);
        }
      },
    });
    say(`waiting for runs at ${queue.replace(/\/\/.*@/, '//')}, ${parallel} at a time`);
    await toldToEnd();
    await Promise.all(all.map((worker) => worker.close()));
    await served.close();
    // a connection that waits for Redis would keep the process
    process.exit(0);
  } catch (error) {
    return reportError(error, debug);
  }
}

/** The parent may have gone before this process was ready to hear of it. */
function endWithParent(): void {
  process.once('disconnect', () => process.exit(1));
  if (!process.connected) process.exit(1);
}

/** Ends with a signal, the second at once. */
function toldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    let count = 0;
    const end = () => {
      if (++count > 1) process.exit(130);
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  });
}
