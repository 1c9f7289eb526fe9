import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { collectGarbage } from './collect-garbage.ts';
import { type KeyPath, UserError } from './errors.ts';
import { builtFile } from './package-root.ts';

/** What a worker is asked: the task's name in `components/worker.ts` and a structured-cloneable payload. */
interface Call {
  readonly id: number;
  readonly task: string;
  readonly payload: unknown;
}
interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: Error;
  /** What a UserError says. */
  readonly userError?: { readonly problem: string; readonly hint?: string; readonly path: KeyPath };
  /** A message on the way, see `report` of a task. */
  readonly report?: unknown;
}
interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
  readonly onReport: ((report: unknown) => void) | undefined;
}

/** Whatever runs named tasks of `components/worker.ts`. */
export interface TaskRunner {
  /** How many run at the same time. */
  readonly size: number;
  run<R>(task: string, payload: unknown): Promise<R>;
  all<R>(task: string, payloads: readonly unknown[]): Promise<R[]>;
}

/**
 * A fixed number of worker threads, started when first needed, that run named tasks over shared memory. Threads keep no process alive
 * while idle. A thread that dies rejects what it was asked; a UserError that a task throws is one here too.
 */
export class WorkerPool implements TaskRunner {
  #size: number;
  #beside: Beside | undefined;
  #busy = 0;
  readonly #threads: {
    worker: Worker;
    pending: Map<number, Pending>;
    busy: boolean;
  }[] = [];
  readonly #queue: { call: Omit<Call, 'id'>; pending: Pending }[] = [];
  #nextId = 0;

  constructor(size: number = availableParallelism()) {
    this.#size = Math.max(1, Math.floor(size));
  }

  get size(): number {
    return this.#size;
  }

  /** Starts the threads, which load their code beside the calling one: for who will need them soon. */
  start(): void {
    while (this.#threads.length < this.size) this.#start();
  }

  /** Has at least `size` threads while the work lasts; those above the former number are ended with it. */
  async widened<R>(size: number, work: () => Promise<R>): Promise<R> {
    const before = this.#size;
    this.#size = Math.max(before, Math.floor(size));
    try {
      return await work();
    } finally {
      this.#size = before;
      const idle = this.#threads.filter(({ busy }) => !busy);
      const ended = idle.slice(0, Math.max(0, this.#threads.length - before));
      for (const thread of ended) this.#threads.splice(this.#threads.indexOf(thread), 1);
      await Promise.all(ended.map(({ worker }) => worker.terminate()));
    }
  }

  /** Runs one task on whichever thread is free. */
  run<R>(task: string, payload: unknown, onReport?: (report: unknown) => void): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.#queue.push({
        call: { task, payload },
        pending: { resolve: resolve as (v: unknown) => void, reject, onReport },
      });
      this.#dispatch();
    });
  }

  /** Runs a task once a payload, at most `size` at a time; results in the order of the payloads. */
  all<R>(task: string, payloads: readonly unknown[], onReport?: (report: unknown) => void): Promise<R[]> {
    return Promise.all(payloads.map((payload) => this.run<R>(task, payload, onReport)));
  }

  /**
   * For what is done beside the calling thread: all threads, but while that is busy itself (`busyWith`) all but one, at least one; with all of
   * them it would lose its processor to them. One queue for all who ask.
   */
  get beside(): TaskRunner {
    this.#beside ??= new Beside(this, () => (this.#busy > 0 ? Math.max(1, this.size - 1) : this.size));
    return this.#beside;
  }

  /** Does work that keeps the calling thread busy: what is done beside it leaves it a processor as long. */
  async busyWith<R>(work: () => Promise<R>): Promise<R> {
    this.#busy++;
    try {
      return await work();
    } finally {
      this.#busy--;
      this.#beside?.next();
    }
  }

  /**
   * Runs a task on `count` threads at the same time, as programs that meet at barriers need: nothing else is on those threads
   * until all have ended. `payloadOf(k)` is the payload of thread k.
   */
  async together<R>(
    task: string,
    count: number,
    payloadOf: (thread: number) => unknown,
    onReport?: (report: unknown) => void,
  ): Promise<R[]> {
    if (count > this.size) throw new Error(`${count} threads asked of a pool of ${this.size}`);
    return this.all<R>(
      task,
      Array.from({ length: count }, (_, k) => payloadOf(k)),
      onReport,
    );
  }

  /** Gives back shared memory that nobody needs any more; see `collectGarbage`. */
  async collectGarbage(): Promise<void> {
    await this.all(
      'collect-garbage',
      this.#threads.map(() => null),
    );
    collectGarbage();
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map(({ worker }) => worker.terminate()));
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const thread =
        this.#threads.find((t) => !t.busy) ?? (this.#threads.length < this.size ? this.#start() : undefined);
      if (!thread) return;
      const { call, pending } = this.#queue.shift()!;
      const id = this.#nextId++;
      thread.busy = true;
      thread.pending.set(id, pending);
      thread.worker.ref();
      thread.worker.postMessage({ id, ...call });
    }
  }

  #start() {
    const worker = new Worker(builtFile('worker.js'), {
      execArgv: [],
      // tasks work on typed arrays: a small nursery keeps what little garbage they make from growing the process
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
      env: process.env,
    });
    const thread = { worker, pending: new Map<number, Pending>(), busy: false };
    worker.on('message', (reply: Reply) => {
      const pending = thread.pending.get(reply.id);
      if (reply.report !== undefined) return pending?.onReport?.(reply.report);
      thread.pending.delete(reply.id);
      thread.busy = false;
      worker.unref();
      const { userError } = reply;
      if (userError) pending?.reject(new UserError(userError.problem, userError));
      else if (reply.error) pending?.reject(reply.error);
      else pending?.resolve(reply.result);
      this.#dispatch();
    });
    const lost = (error: Error) => {
      const at = this.#threads.indexOf(thread);
      if (at >= 0) this.#threads.splice(at, 1);
      for (const pending of thread.pending.values()) pending.reject(error);
      thread.pending.clear();
      if (at >= 0) this.#dispatch();
    };
    worker.on('error', (error) => lost(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', (code) => lost(new Error(`a worker thread ended early (exit code ${code})`)));
    worker.unref();
    this.#threads.push(thread);
    return thread;
  }
}

/** A queue of its own in front of a pool: no more than `most` of its tasks run at the same time. */
class Beside implements TaskRunner {
  readonly #pool: WorkerPool;
  readonly #most: () => number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(pool: WorkerPool, most: () => number) {
    this.#pool = pool;
    this.#most = most;
  }

  get size(): number {
    return this.#pool.size;
  }

  run<R>(task: string, payload: unknown): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.#waiting.push(() => {
        this.#pool
          .run<R>(task, payload)
          .then(resolve, reject)
          .finally(() => {
            this.#running--;
            this.next();
          });
      });
      this.next();
    });
  }

  all<R>(task: string, payloads: readonly unknown[]): Promise<R[]> {
    return Promise.all(payloads.map((payload) => this.run<R>(task, payload)));
  }

  /** Begins what may run by now. */
  next(): void {
    while (this.#running < this.#most() && this.#waiting.length > 0) {
      this.#running++;
      this.#waiting.shift()!();
    }
  }
}
