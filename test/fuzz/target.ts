import { UserError, UserErrors } from '../../components/core/errors.ts';

/** A door through which foreign input comes in, and the input to try it with. */
export interface FuzzTarget<T> {
  readonly name: string;
  readonly inputs: import('fast-check').Arbitrary<T>;
  /** Tries one input; throws where the door does what it must not. */
  readonly check: (input: T) => Promise<void> | void;
  /** Inputs that `npm test` tries; the long mode goes by time. */
  readonly runs: number;
  readonly close?: () => Promise<void> | void;
}

/** No input of ours may take longer; generous, for machines with much to do. */
const mostMs = 10_000;

/** Runs what may refuse its input: any result and any UserError is right, every other error is a fault. Returns undefined where it was refused. */
export async function refusedOr<T>(run: () => Promise<T> | T): Promise<T | undefined> {
  const started = performance.now();
  let value: T | undefined;
  try {
    value = await run();
  } catch (error) {
    if (!(error instanceof UserError || error instanceof UserErrors)) throw error;
    for (const { message } of error instanceof UserErrors ? error.errors : [error])
      if (message.trim() === '' || message.includes('[object Object]'))
        throw new Error(`a message that says nothing: "${message}"`, { cause: error });
  }
  const took = performance.now() - started;
  if (took > mostMs) throw new Error(`took ${took.toFixed(0)} ms`);
  return value;
}
