import { makeDType } from './dtype.ts';
import { type Known, named, passive } from './known.ts';
import { fromBuffer, reconstruct, scalar } from './ndarray.ts';

/** numpy 1 has these in `numpy.core`, numpy 2 in `numpy._core`. */
export const numpyNames: readonly (readonly [string, Known])[] = [
  ...named(['numpy'], { ndarray: passive, dtype: { call: makeDType } }),
  ...named(['numpy.core.multiarray', 'numpy._core.multiarray', 'numpy.core._multiarray_umath'], {
    _reconstruct: { call: reconstruct },
    scalar: { call: scalar },
  }),
  ...named(['numpy.core.numeric', 'numpy._core.numeric'], { _frombuffer: { call: fromBuffer } }),
];
