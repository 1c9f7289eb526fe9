import type { Time } from './dates.ts';

/**
 * Python values that JSON does not know, as artifacts hold them. Other values stand for themselves: string, boolean, null (None),
 * bigint (int), number (float, or int when it is a safe integer: see `PyFloat`), array (list), Map or plain object (dict), Table, SeriesTable.
 */
export class PyTuple {
  constructor(readonly items: readonly unknown[]) {}
}

/** A float that must not be written as an int, although its value is whole. */
export class PyFloat {
  constructor(readonly value: number) {}
}

/** pandas.Timestamp, naive. NaN is NaT. */
export class PyTimestamp {
  constructor(readonly time: Time) {}
}

/** datetime.date: what YAML makes of `2008-01-02`. */
export class PyDate {
  constructor(readonly time: Time) {}
}

/** datetime.datetime, naive: what YAML makes of `2008-01-02 09:30:00.5`. `time` in whole seconds. */
export class PyDateTime {
  constructor(
    readonly time: Time,
    readonly microseconds: number = 0,
  ) {}
}

/** An instance of a Python class by name with its state dict: what `object.__reduce_ex__(4)` gives. */
export class PyObject {
  constructor(
    readonly module: string,
    readonly name: string,
    readonly state: ReadonlyMap<string, unknown>,
  ) {}
}
