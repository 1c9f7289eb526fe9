import PQueue from 'p-queue';
import { isAdmitted, type Memory, machineMemory } from './admission.ts';
import type { Job } from './protocol.ts';
import { type JobEvents, type JobResult, WorkerProcess } from './worker-process.ts';

/** Where jobs are made: worker processes of this machine, or a queue that workers of any machine look at. */
export interface Executor {
  /** Jobs that it takes at the same time. */
  readonly parallel: number;
  /** Others may be making runs of the same sweep that this process does not know of. */
  readonly isShared: boolean;
  /** Never rejects. */
  run(job: Job, events: RunningEvents, priority: number): Promise<JobResult>;
  /** Jobs that wait are dropped, those that run are ended as KILLED. */
  interrupt(): Promise<void>;
  close(): Promise<void>;
}

export interface RunningEvents extends JobEvents {
  /** Called when the job begins, with what gives it up early. */
  onBegin?(stop: () => void): void;
}

const admissionPauseMs = 250;

export interface LocalOptions {
  readonly parallel: number;
  readonly env: NodeJS.ProcessEnv;
  readonly memory?: () => Memory;
}

/** Worker processes of this machine, a job each at a time; a worker that holds the job's data already is preferred. */
export class LocalExecutor implements Executor {
  readonly parallel: number;
  readonly isShared = false;
  readonly #queue: PQueue;
  readonly #workers: WorkerProcess[];
  readonly #memory: () => Memory;
  #peak = 0;
  #isClosing = false;

  constructor({ parallel, env, memory = machineMemory }: LocalOptions) {
    this.parallel = parallel;
    this.#queue = new PQueue({ concurrency: parallel });
    this.#workers = Array.from({ length: parallel }, () => new WorkerProcess({ env }));
    this.#memory = memory;
  }

  run(job: Job, events: RunningEvents, priority: number): Promise<JobResult> {
    return new Promise((resolve) => {
      void this.#queue.add(
        async () => {
          resolve(await this.#runNow(job, events));
        },
        { priority },
      );
    });
  }

  async interrupt(): Promise<void> {
    this.#isClosing = true;
    await this.close();
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }

  async #runNow(job: Job, events: RunningEvents): Promise<JobResult> {
    await this.#admission();
    if (this.#isClosing) return { status: 'crashed', message: 'the sweep was interrupted' };
    const worker = this.#pick(job);
    events.onBegin?.(() => worker.stopJob());
    const result = await worker.run(job, events);
    this.#peak = Math.max(this.#peak, worker.peakBytes);
    return result;
  }

  /** Waits until memory allows one more run. */
  async #admission(): Promise<void> {
    for (;;) {
      const running = this.#workers.filter(({ job }) => job !== undefined);
      const peak = Math.max(this.#peak, ...running.map((w) => w.peakBytes));
      if (this.#isClosing || isAdmitted(running, peak, this.#memory())) return;
      await new Promise((resolve) => setTimeout(resolve, admissionPauseMs));
    }
  }

  #pick(job: Job): WorkerProcess {
    const idle = this.#workers.filter((worker) => worker.job === undefined);
    const rank = ({ handlerKey }: WorkerProcess) =>
      handlerKey === job.handlerKey ? 0 : handlerKey === undefined ? 1 : 2;
    return idle.sort((a, b) => rank(a) - rank(b))[0]!;
  }
}
