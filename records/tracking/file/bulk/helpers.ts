import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { builtFile } from '../../../../components/core/package-root.ts';
import { type Job, type ReadRun, work } from './job.ts';

/** What reading gains from more is little: the file system is shared. */
const mostHelpers = 3;

/** Threads that help with one job. Starting one takes some 20 ms, so that it is worth while to do so before the job is known. They keep no process alive. */
export class Helpers {
  readonly #threads: Worker[] = [];
  #results: Promise<ReadRun[]>[] = [];

  start(): void {
    const file = builtFile('read-runs.js');
    if (this.#threads.length > 0 || !existsSync(file)) return;
    const count = Math.min(mostHelpers, availableParallelism() - 1);
    try {
      for (let k = 0; k < count; k++) {
        const thread = new Worker(file, { execArgv: [] });
        thread.unref();
        this.#results.push(resultOf(thread));
        this.#threads.push(thread);
      }
    } catch {
      // threads are not allowed, or there is no memory for more
    }
  }

  /** Does a job on this thread and the others; what a thread fails to deliver is simply missing. */
  async do(job: Job): Promise<ReadRun[]> {
    this.start();
    for (const [k, thread] of this.#threads.entries()) thread.postMessage({ job, thread: k });
    const own = work(job);
    // a thread that has taken nothing yet will find nothing
    const busy = this.#results.filter((_, k) => {
      if (Atomics.load(job.next, 1 + k) === 0) return false;
      this.#threads[k]!.ref();
      return true;
    });
    const others = await Promise.all(busy);
    this.end();
    return own.concat(...others);
  }

  end(): void {
    for (const thread of this.#threads.splice(0)) void thread.terminate();
    this.#results = [];
  }
}

function resultOf(thread: Worker): Promise<ReadRun[]> {
  return new Promise((resolve) => {
    thread.once('message', resolve);
    thread.once('error', () => resolve([]));
    thread.once('exit', () => resolve([]));
  });
}
