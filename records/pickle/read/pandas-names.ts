import { maskedClass, unpickleBacked, wrapperClass } from './extension-arrays.ts';
import { frameClass, manager, seriesClass, unpickleBlock } from './frames.ts';
import { newIndex } from './indexes.ts';
import { type Known, named, passive } from './known.ts';
import { pandasTypeNames } from './pandas-dtypes.ts';

/** Index classes are only named as arguments of `_new_Index`. */
const indexClasses: readonly (readonly [string, Known])[] = [
  ...named(['pandas.core.indexes.base'], { Index: passive, _new_Index: { call: newIndex } }),
  ...named(['pandas.core.indexes.multi'], { MultiIndex: passive }),
  ...named(['pandas.core.indexes.range'], { RangeIndex: passive }),
  ...named(['pandas.core.indexes.category'], { CategoricalIndex: passive }),
  ...named(['pandas.core.indexes.numeric'], {
    Int64Index: passive,
    Float64Index: passive,
    UInt64Index: passive,
  }),
  ...named(['pandas.core.indexes.datetimes'], {
    DatetimeIndex: passive,
    _new_DatetimeIndex: { call: newIndex },
  }),
  ...named(['pandas.core.indexes.timedeltas'], {
    TimedeltaIndex: passive,
    _new_TimedeltaIndex: { call: newIndex },
  }),
  ...named(['pandas.core.indexes.period'], { PeriodIndex: passive, _new_PeriodIndex: { call: newIndex } }),
  ...named(['pandas'], {
    Index: passive,
    MultiIndex: passive,
    RangeIndex: passive,
    CategoricalIndex: passive,
    DatetimeIndex: passive,
    TimedeltaIndex: passive,
    PeriodIndex: passive,
  }),
];

const wrapped = [
  'DatetimeArray',
  'TimedeltaArray',
  'PeriodArray',
  'StringArray',
  'NumpyExtensionArray',
  'PandasArray',
  'Categorical',
];
const masked = ['IntegerArray', 'FloatingArray', 'BooleanArray'];
const arrays = {
  ...Object.fromEntries(wrapped.map((name) => [name, wrapperClass])),
  ...Object.fromEntries(masked.map((name) => [name, maskedClass])),
};

/** Frames, series, indexes and arrays of pandas 1.5 (pandas.core...) to 3 (pandas...). */
export const pandasNames: readonly (readonly [string, Known])[] = [
  ...indexClasses,
  ...pandasTypeNames,
  ...named(['pandas._libs.arrays'], { __pyx_unpickle_NDArrayBacked: { call: unpickleBacked } }),
  ...named(
    [
      'pandas',
      'pandas.arrays',
      'pandas.core.arrays.datetimes',
      'pandas.core.arrays.timedeltas',
      'pandas.core.arrays.period',
      'pandas.core.arrays.categorical',
      'pandas.core.arrays.string_',
      'pandas.core.arrays.numpy_',
      'pandas.core.arrays.integer',
      'pandas.core.arrays.floating',
      'pandas.core.arrays.boolean',
    ],
    arrays,
  ),
  ...named(['pandas._libs.internals', 'pandas.core.internals.blocks'], { _unpickle_block: unpickleBlock }),
  ...named(['pandas.core.internals.managers'], { BlockManager: manager, SingleBlockManager: manager }),
  ...named(['pandas', 'pandas.core.frame'], { DataFrame: frameClass }),
  ...named(['pandas', 'pandas.core.series'], { Series: seriesClass }),
];
