import { parentPort } from 'node:worker_threads';
import { type Job, work } from './job.ts';

// A thread of `Helpers`: helps with one job and ends.
parentPort?.once('message', ({ job, thread }: { job: Job; thread: number }) => {
  parentPort?.postMessage(work(job, thread));
});
