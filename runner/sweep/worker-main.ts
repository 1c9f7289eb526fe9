import { homeFolder } from '../../components/core/home-folder.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import { type RunningJob, WorkerSession } from './worker-session.ts';

const memoryPauseMs = 500;

/** The life of a worker process: runs what its parent sends, one at a time; ends with its parent. */
export function workerMain(): Promise<void> {
  const session = new WorkerSession({ home: homeFolder(), env: process.env });
  const send = (message: FromWorker) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  };
  let running: { readonly id: string; readonly job: RunningJob } | undefined;
  process.on('message', (message: ToWorker) => {
    if (message.type === 'stop') {
      if (running?.id === message.id) running.job.stop();
      return;
    }
    const { job } = message;
    const { id } = job;
    const started = session.run(job, {
      onStart: (runId, uri) => send({ type: 'start', id, runId, uri }),
      onMetric: (value, step) => send({ type: 'metric', id, value, step }),
    });
    running = { id, job: started };
    void started.outcome.then((outcome) => {
      running = undefined;
      send({ type: 'done', id, outcome });
    });
  });
  const timer = setInterval(() => send({ type: 'memory', bytes: process.memoryUsage.rss() }), memoryPauseMs);
  timer.unref();
  // a signal lets the run end as KILLED first
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  if (!process.connected) process.exit(1);
  send({ type: 'ready' });
  return new Promise(() => {});
}
