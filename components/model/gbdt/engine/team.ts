/** Threads that run the same operation at the same time, each on its part. The leader says what and waits for all. */
export interface Team {
  readonly size: number;
  /** Runs an operation on every thread; back when all have ended. */
  run(operation: number, ...args: number[]): void;
}

/** What a thread does when an operation is called: its part, by `rank` of `size`. */
export type Execute = (operation: number, args: Float64Array, rank: number, size: number) => void;

const stop = -1;
const epochAt = 0;
const pendingAt = 1;
const operationAt = 2;
const failedAt = 3;
const argsFrom = 64;
const maxArgs = 32;
/** Turns of the waiting loop before a thread goes to sleep: about 20 microseconds. */
const spins = 4000;

/** Memory through which leader and helpers talk. */
export function makeBoard(): SharedArrayBuffer {
  return new SharedArrayBuffer(argsFrom + maxArgs * 8);
}

/** A team of the calling thread alone. */
export class SoloTeam implements Team {
  readonly size = 1;
  readonly #args = new Float64Array(maxArgs);
  readonly #execute: Execute;

  constructor(execute: Execute) {
    this.#execute = execute;
  }

  run(operation: number, ...args: number[]): void {
    this.#args.set(args);
    this.#execute(operation, this.#args, 0, 1);
  }
}

/** The leader's side of a team of `size` threads; the others run `serve` on the same board. */
export class ThreadTeam implements Team {
  readonly size: number;
  readonly #execute: Execute;
  readonly #state: Int32Array;
  readonly #args: Float64Array;

  constructor(board: SharedArrayBuffer, size: number, execute: Execute) {
    this.size = size;
    this.#execute = execute;
    this.#state = new Int32Array(board, 0, 4);
    this.#args = new Float64Array(board, argsFrom, maxArgs);
  }

  run(operation: number, ...args: number[]): void {
    this.#args.set(args);
    this.#call(operation);
    this.#execute(operation, this.#args, 0, this.size);
    this.#join();
  }

  /** Sends the helpers home. */
  close(): void {
    this.#call(stop);
    this.#join();
  }

  #call(operation: number): void {
    Atomics.store(this.#state, operationAt, operation);
    Atomics.store(this.#state, pendingAt, this.size - 1);
    Atomics.add(this.#state, epochAt, 1);
    Atomics.notify(this.#state, epochAt);
  }

  #join(): void {
    for (;;) {
      const left = Atomics.load(this.#state, pendingAt);
      if (left === 0) break;
      waitWhile(this.#state, pendingAt, left);
    }
    if (Atomics.load(this.#state, failedAt) !== 0) throw new Error('a helper thread of the boosting failed');
  }
}

/** A helper's life: executes what the leader calls until it is sent home. An error is told to the leader and thrown. */
export function serve(board: SharedArrayBuffer, rank: number, size: number, execute: Execute): void {
  const state = new Int32Array(board, 0, 4);
  const args = new Float64Array(board, argsFrom, maxArgs);
  let error: unknown;
  for (let epoch = 0; ; epoch++) {
    waitWhile(state, epochAt, epoch);
    const operation = Atomics.load(state, operationAt);
    try {
      if (operation !== stop && error === undefined) execute(operation, args, rank, size);
    } catch (caught) {
      error = caught;
      Atomics.store(state, failedAt, 1);
    }
    if (Atomics.sub(state, pendingAt, 1) === 1) Atomics.notify(state, pendingAt);
    if (operation === stop) break;
  }
  if (error !== undefined) throw error;
}

function waitWhile(state: Int32Array, index: number, value: number): void {
  for (let i = 0; i < spins; i++) if (Atomics.load(state, index) !== value) return;
  while (Atomics.load(state, index) === value) Atomics.wait(state, index, value);
}
