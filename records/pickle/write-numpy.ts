import { UserError } from '../../components/core/errors.ts';
import type { Cells, DType } from '../../components/core/table.ts';
import { bufferTypes, cellBytes, viewOf } from './cells.ts';
import type { Emitter } from './emitter.ts';
import type { NumpyArray } from './values.ts';

/** One array: `shape` in C order over the concatenated columns. */
export interface ArrayParts {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly parts: readonly Cells[];
}

/** `numpy.core` is where numpy 1 has its `_reconstruct`; numpy 2 keeps the name for old pickles. */
const core = 'numpy.core.multiarray';

export function writeArray(emit: Emitter, { shape, dtype, values }: NumpyArray): void {
  writeArrayParts(emit, { shape, dtype, parts: [values] });
}

export function writeArrayParts(emit: Emitter, { shape, dtype, parts }: ArrayParts): void {
  const content =
    dtype === 'object'
      ? () => {
          emit.emptyList();
          emit.append(
            parts.length === 1
              ? (parts[0] as readonly unknown[])
              : parts.flatMap((p) => Array.from<unknown>(p)),
          );
        }
      : () => emit.bytes(parts.map((part) => cellBytes(dtype, part)));
  writeRaw(emit, shape, dtype === 'object' ? 'O8' : bufferTypes[dtype], content);
}

/** An array whose buffer (or list, for objects) `content` writes: what `ndarray.__reduce__` gives. */
function writeRaw(emit: Emitter, shape: readonly number[], type: string, content: () => void): void {
  emit.global(core, '_reconstruct');
  emit.tupleOf([
    () => emit.global('numpy', 'ndarray'),
    () => emit.tuple([0]),
    () => emit.bytes([Uint8Array.of(0x62)]),
  ]);
  emit.reduce();
  emit.tupleOf([
    () => emit.int(1),
    () => emit.tuple(shape),
    () => writeDType(emit, type),
    () => emit.bool(false),
    content,
  ]);
  emit.applyState();
}

/** `numpy.dtype(type)` with the state that numpy pickles beside it; the tail is (names, fields, item size, alignment, flags). */
export function writeDType(emit: Emitter, type: string): void {
  emit.once(`dtype ${type}`, () => {
    emit.global('numpy', 'dtype');
    emit.tuple([type, false, true]);
    emit.reduce();
    emit.tupleOf([
      () => emit.int(type === 'M8' ? 4 : 3),
      () => emit.string(type === 'O8' || type === 'b1' || type === 'i1' || type === 'u1' ? '|' : '<'),
      () => emit.none(),
      () => emit.none(),
      () => emit.none(),
      () => emit.int(-1),
      () => emit.int(-1),
      () => emit.int(type === 'O8' ? 63 : 0),
      ...(type === 'M8' ? [() => writeUnit(emit)] : []),
    ]);
    emit.applyState();
  });
}

/** Metadata of datetime64[ns]: unit, count, and the two numbers of a fraction. */
function writeUnit(emit: Emitter): void {
  emit.tupleOf([
    () => emit.emptyDict(),
    () =>
      emit.tupleOf([
        () => emit.bytes([Uint8Array.of(0x6e, 0x73)]),
        () => emit.int(1),
        () => emit.int(1),
        () => emit.int(1),
      ]),
  ]);
}

const typedArrayTypes: Readonly<Record<string, string>> = {
  Float64Array: 'f8',
  Float32Array: 'f4',
  BigInt64Array: 'i8',
  BigUint64Array: 'u8',
  Int32Array: 'i4',
  Uint32Array: 'u4',
  Int16Array: 'i2',
  Uint16Array: 'u2',
  Int8Array: 'i1',
};

/** A JavaScript typed array as a one-dimensional numpy array. */
export function writeTypedArray(emit: Emitter, array: ArrayBufferView): void {
  const type = typedArrayTypes[array.constructor.name];
  if (!type) throw new UserError(`a ${array.constructor.name} can't be pickled`);
  const length = (array as Uint8Array).length;
  const content =
    array instanceof Float64Array || array instanceof Float32Array
      ? cellBytes(array instanceof Float64Array ? 'float64' : 'float32', array)
      : viewOf(array);
  writeRaw(emit, [length], type, () => emit.bytes([content]));
}

/** Codes of a MultiIndex level in the narrowest type that pandas takes for this number of values. */
export function writeCodes(emit: Emitter, codes: Int32Array, values: number): void {
  const narrow = values < 127 ? new Int8Array(codes) : values < 32_767 ? new Int16Array(codes) : codes;
  writeTypedArray(emit, narrow);
}
