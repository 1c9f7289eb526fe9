import type { DType, Operand, PlanBuilder, Value } from '../../plan/builder.ts';
import { isScalar } from '../../plan/builder.ts';

/** The same values in float32 or float64 storage. */
export function stored(builder: PlanBuilder, value: Value, as: 'f32' | 'f64'): Value {
  const wide = value.dtype !== 'f32';
  if (as === 'f64' && !wide)
    return builder.step({
      label: 'widen',
      inputs: [value],
      dtype: 'f64',
      pointwise: true,
      run: (k, n, [x], [out]) => k.widen(x!, out!, n),
    });
  if (as === 'f32' && wide)
    return builder.step({
      label: 'narrow',
      inputs: [value],
      dtype: 'f32',
      pointwise: true,
      run: (k, n, [x], [out]) => k.narrow(x!, out!, n),
    });
  return value;
}

/** Float64 without infinities: what pandas' windows look at. */
export function finite(builder: PlanBuilder, value: Value): Value {
  if (value.dtype === 'bool' || value.dtype === 'flag' || value.dtype === 'i64') return value;
  const small = value.dtype === 'f32';
  return builder.step({
    label: 'finite',
    inputs: [value],
    dtype: 'f64',
    pointwise: true,
    run: (k, n, [x], [out]) => (small ? k.finite32(x!, out!, n) : k.finite64(x!, out!, n)),
  });
}

/**
 * Whether numpy keeps a float32 column beside a number in float32: np.min_scalar_type makes a whole number of more than 16 bits an integer of 32, whose
 * common type with float32 is float64, and a float of 3.4e38 a float64.
 */
function fitsFloat32(type: 'int' | 'float' | 'bool', scalar: number): boolean {
  if (type === 'int') return scalar >= -32768 && scalar <= 65535;
  return !Number.isFinite(scalar) || Math.abs(scalar) < 3.4e38;
}

/** Type of the result of arithmetic on two operands: numpy 1.26's promotion, in which a number counts by its kind and least size. */
export function promoted(a: Operand, b: Operand): DType {
  if (isScalar(a) && isScalar(b)) return 'f64';
  if (isScalar(a)) return withScalar((b as Value).dtype, a.type, a.scalar);
  if (isScalar(b)) return withScalar(a.dtype, b.type, b.scalar);
  if (a.dtype === b.dtype) return a.dtype;
  const types = [a.dtype, b.dtype];
  if (types.includes('f64') || types.includes('flag')) return 'f64';
  if (types.includes('f32')) return types.includes('i64') ? 'f64' : 'f32';
  return 'i64';
}

function withScalar(dtype: DType, type: 'int' | 'float' | 'bool', scalar: number): DType {
  if (dtype === 'f32') return fitsFloat32(type, scalar) ? 'f32' : 'f64';
  if (dtype === 'f64' || dtype === 'flag') return 'f64';
  if (type === 'float') return 'f64';
  return dtype === 'i64' ? 'i64' : type === 'int' ? 'i64' : 'bool';
}
