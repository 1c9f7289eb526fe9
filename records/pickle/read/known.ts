import type { UserError } from '../../../components/core/errors.ts';
import type { PyGlobal } from '../values.ts';

/** What builders may ask of the machine that runs them. */
export interface Reading {
  /** Counts memory that is about to be taken. */
  charge(bytes: number): void;
  /** `apply` gets the state when BUILD comes for `target`. */
  onBuild(target: object, apply: (state: unknown) => void): void;
  /** The error for what is not read, with the place. */
  refused(what: string): UserError;
  /** Keys of a dict or set that are objects, by their content: equal tuples are one key. */
  keysOf(owner: object): Map<string, unknown>;
  /** A new instance of a class on the allow-list. */
  instance(cls: PyGlobal): unknown;
}

/** What a name on the allow-list stands for: which of Python's ways to make a value it takes part in, done with our own types. */
export interface Known {
  /** REDUCE: called with arguments. */
  call?(args: readonly unknown[], reading: Reading): unknown;
  /** NEWOBJ: an instance to which BUILD may give a state. */
  create?(args: readonly unknown[], reading: Reading): unknown;
  /** The name stands for a value itself, such as `pandas.NaT`. */
  value?(): unknown;
}

/** A name that is only passed as an argument. */
export const passive: Known = {};

/** One table under several module names, as libraries move their classes about. */
export function named(modules: readonly string[], names: Readonly<Record<string, Known>>): [string, Known][] {
  return modules.flatMap((module) =>
    Object.entries(names).map(([name, known]): [string, Known] => [`${module}.${name}`, known]),
  );
}
