import { type ChildProcess, fork } from 'node:child_process';
import { builtFile } from '../../components/core/package-root.ts';
import type { FromWorker, Job, Outcome, ToWorker } from './protocol.ts';

export interface JobEvents {
  onStart?(runId: string): void;
  onMetric?(value: number, step: number): void;
}

export interface StartedRun {
  readonly runId: string;
  readonly uri: string;
}

/** How a job ended; `crashed`: the process died on the way. */
export type JobResult =
  | Outcome
  | {
      readonly status: 'crashed';
      readonly message: string /** By a limit of the job. */;
      readonly isLimit?: boolean;
      /** The run that it was making. */
      readonly run?: StartedRun | undefined;
    };

const keptErrorBytes = 4000;
const graceMs = 5000;

/** A worker process: qrun's own command line under another name. Started with its first job, and again after it died. */
export class WorkerProcess {
  /** Key of the handler that it holds. */
  handlerKey: string | undefined;
  /** Resident memory, bytes, as last told, and the most that was told. */
  bytes = 0;
  peakBytes = 0;
  #child: ChildProcess | undefined;
  #errors = '';
  /** Which limit ended the process. */
  #limit: string | undefined;
  #run: StartedRun | undefined;
  #current: { readonly job: Job; readonly events: JobEvents; end(result: JobResult): void } | undefined;
  readonly #env: NodeJS.ProcessEnv;

  constructor({ env }: { env: NodeJS.ProcessEnv }) {
    this.#env = env;
  }

  get job(): Job | undefined {
    return this.#current?.job;
  }

  /** Runs one job; never rejects. */
  run(job: Job, events: JobEvents = {}): Promise<JobResult> {
    if (this.#current) throw new Error('the worker process is busy');
    if (job.handlerKey !== undefined && job.reuseFrom === undefined) this.handlerKey = job.handlerKey;
    return new Promise((resolve) => {
      const timers = this.#limitTime(job);
      this.#run = undefined;
      this.#current = {
        job,
        events,
        end: (result) => {
          for (const timer of timers) clearTimeout(timer);
          this.#current = undefined;
          resolve(result);
        },
      };
      this.#send({ type: 'run', job });
    });
  }

  /** Gives the job up at its next chance; it is kept as stopped early. */
  stopJob(): void {
    if (this.#current) this.#send({ type: 'stop', id: this.#current.job.id });
  }

  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Ends the process and waits for it. */
  async close(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  /** First a signal, by which the run ends as KILLED, then the end. */
  #limitTime({ timeLimit }: Job): NodeJS.Timeout[] {
    if (timeLimit === undefined) return [];
    const end = () => {
      this.#limit = `the run took longer than its limit of ${timeLimit} s`;
      this.kill('SIGTERM');
    };
    return [
      setTimeout(end, timeLimit * 1000),
      setTimeout(() => this.kill('SIGKILL'), timeLimit * 1000 + graceMs),
    ];
  }

  #send(message: ToWorker): void {
    const child = (this.#child ??= this.#start());
    child.send(message, (error) => {
      if (error) child.kill('SIGKILL');
    });
  }

  #start(): ChildProcess {
    const child = fork(builtFile('cli.js'), ['sweep-worker'], {
      env: this.#env,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#errors = '';
    child.stderr?.on('data', (text: Buffer) => {
      this.#errors = (this.#errors + text.toString()).slice(-keptErrorBytes);
    });
    child.on('message', (message: FromWorker) => this.#receive(message));
    child.on('error', () => {});
    child.once('exit', (code, signal) => {
      if (this.#child === child) this.#child = undefined;
      this.handlerKey = undefined;
      this.bytes = 0;
      const why = this.#errors.trim().split('\n').slice(-3).join('\n');
      const limit = this.#limit;
      this.#limit = undefined;
      this.#current?.end({
        status: 'crashed',
        isLimit: limit !== undefined,
        run: this.#run,
        message:
          limit ??
          `the worker process ended ${signal ? `by ${signal}` : `with code ${code}`}${why ? `: ${why}` : ''}`,
      });
    });
    return child;
  }

  #receive(message: FromWorker): void {
    const current = this.#current;
    switch (message.type) {
      case 'memory':
        this.bytes = message.bytes;
        this.peakBytes = Math.max(this.peakBytes, message.bytes);
        if (current?.job.memoryLimit !== undefined && message.bytes > current.job.memoryLimit) {
          const gb = (bytes: number) => (bytes / 1e9).toFixed(2);
          this.#limit = `the run took ${gb(message.bytes)} GB of memory, its limit is ${gb(current.job.memoryLimit)} GB`;
          this.kill('SIGKILL');
        }
        break;
      case 'start':
        this.#run = { runId: message.runId, uri: message.uri };
        if (current?.job.id === message.id) current.events.onStart?.(message.runId);
        break;
      case 'metric':
        if (current?.job.id === message.id) current.events.onMetric?.(message.value, message.step);
        break;
      case 'done':
        if (current?.job.id === message.id) current.end(message.outcome);
        break;
    }
  }
}
