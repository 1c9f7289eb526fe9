import type { Cells, DType, IndexLevel } from '../../components/core/table.ts';

/** A numpy array as it lies in memory after reading: C order, native byte order. */
export class NumpyArray {
  constructor(
    readonly shape: readonly number[],
    readonly dtype: DType,
    readonly values: Cells,
  ) {}
}

/**
 * A Python value that is known by a callable's name and its arguments (`decimal.Decimal('1.25')`, `datetime.date`, a set's
 * range...), kept inert. `text` is Python's `str` of it.
 */
export class PyReduced {
  constructor(
    readonly module: string,
    readonly name: string,
    readonly args: readonly unknown[],
    readonly text: string,
  ) {}
}

/** A pandas.Index that stands alone, outside a frame. */
export interface IndexTable {
  readonly kind: 'index';
  readonly index: readonly IndexLevel[];
}
