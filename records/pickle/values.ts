import type { Cells, DType, IndexLevel } from '../../components/core/table.ts';

/** A numpy or pandas array after reading: C order, native byte order; dtypes that tables don't know are widened (int8 to int32). */
export class NumpyArray {
  constructor(
    readonly shape: readonly number[],
    readonly dtype: DType,
    readonly values: Cells,
  ) {}
}

/**
 * A Python value that is known by a callable's name and its arguments (`decimal.Decimal('1.25')`, `datetime.date(...)`,
 * `slice(0, 3, 1)`), kept inert. `text` is Python's `str` of it.
 */
export class PyReduced {
  constructor(
    readonly module: string,
    readonly name: string,
    readonly args: readonly unknown[],
    readonly text: string,
  ) {}
}

/** A class or function by name, as a value. */
export class PyGlobal {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}

  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/**
 * A value that is made when it is written and let go of then, so that a large artifact is never all in memory as Python's objects. What is made
 * must share no object with the rest: inside of it objects that occur twice are written once, but none is known outside.
 */
export class Transient {
  constructor(readonly make: () => unknown) {}
}

/** A pandas.Index that stands alone, outside a frame. */
export interface IndexTable {
  readonly kind: 'index';
  readonly index: readonly IndexLevel[];
}
