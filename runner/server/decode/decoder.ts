import { Worker } from 'node:worker_threads';
import { UserError } from '../../../components/core/errors.ts';
import { builtFile } from '../../../components/core/package-root.ts';
import { revivedValue } from './instances.ts';

export interface DecoderOptions {
  /** Milliseconds after which an artifact is given up. */
  readonly patienceMs?: number;
  /** Most memory that its objects may take. */
  readonly heapMegabytes?: number;
}

/** The artifact that is being read. */
interface Current {
  readonly name: string;
  resolve(value: unknown): void;
  reject(error: Error): void;
  end(settle: () => void): void;
}

type Reply = { readonly value: unknown } | { readonly problem: string };

/**
 * Decodes artifacts on a thread of its own, so that requests are served while a large pickle is read. Artifacts wait for each other. A thread that takes too long or too
 * much memory is ended, and that artifact with it. The thread keeps no process alive.
 */
export class Decoder {
  readonly #patienceMs: number;
  readonly #heapMegabytes: number;
  #thread: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #current: Current | undefined;

  constructor({ patienceMs = 60_000, heapMegabytes = 2048 }: DecoderOptions = {}) {
    this.#patienceMs = patienceMs;
    this.#heapMegabytes = heapMegabytes;
  }

  /** @throws UserError for broken content, and for what is too large to be shown */
  decode(name: string, bytes: Uint8Array): Promise<unknown> {
    const result = this.#last.then(() => this.#decodeNow(name, bytes));
    this.#last = result.catch(() => {});
    return result;
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
  }

  #decodeNow(name: string, bytes: Uint8Array): Promise<unknown> {
    const thread = (this.#thread ??= this.#start());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#giveUp(`takes longer than ${this.#patienceMs / 1000} s to read`),
        this.#patienceMs,
      );
      this.#current = {
        name,
        end: (settle) => {
          clearTimeout(timer);
          this.#current = undefined;
          thread.unref();
          settle();
        },
        resolve,
        reject,
      };
      thread.ref();
      // sent as a copy: what is read may stand in a pool of buffers
      thread.postMessage({ name, bytes });
    });
  }

  #start(): Worker {
    const thread = new Worker(builtFile('decode.js'), {
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.#heapMegabytes },
    });
    thread.on('message', (reply: Reply) => {
      const current = this.#current;
      current?.end(() =>
        'problem' in reply
          ? current.reject(new UserError(reply.problem))
          : current.resolve(revivedValue(reply.value)),
      );
    });
    const lost = (problem: string) => {
      if (this.#thread === thread) this.#giveUp(problem);
    };
    thread.on('error', () => lost('takes too much memory to be shown'));
    thread.on('exit', () => lost('could not be read'));
    return thread;
  }

  /** Ends the thread; the next artifact gets another one. */
  #giveUp(problem: string): void {
    const current = this.#current;
    void this.#thread?.terminate();
    this.#thread = undefined;
    current?.end(() => current.reject(new UserError(`${current.name} ${problem}`, { hint: 'download it' })));
  }
}
