import { PyTuple } from '../../../components/core/python.ts';
import { NumpyArray } from '../values.ts';
import { emptyArray } from './extension-arrays.ts';
import { type Known, named, type Reading } from './known.ts';
import {
  expectBytes,
  expectInt,
  expectList,
  expectMap,
  expectString,
  kindOf,
  Malformed,
} from './malformed.ts';

/** Arrow's type of an array, by its alias. */
class ArrowType {
  constructor(readonly alias: string) {}
}

/** Strings of an Arrow array; NaN where missing, as pandas has it. */
class ArrowStrings {
  constructor(readonly values: readonly unknown[]) {}
}

/** (type, length, nulls, offset, buffers, children, dictionary): buffers are the validity bits, offsets and text. */
function restoreArray([given]: readonly unknown[], reading: Reading): ArrowStrings {
  if (!(given instanceof PyTuple)) throw new Malformed(`an arrow array is ${kindOf(given)}`);
  const [type, length, , offset, buffers] = given.items;
  if (!(type instanceof ArrowType)) throw new Malformed('an arrow array without a type');
  const wide = type.alias === 'large_string' || type.alias === 'large_utf8';
  if (!wide && type.alias !== 'string' && type.alias !== 'utf8')
    throw new Malformed(`arrow arrays of ${type.alias} are not read`);
  const count = expectInt(length, 'the length of an arrow array');
  const first = expectInt(offset, 'the offset of an arrow array');
  const [valid, offsets, text] = expectList(buffers, 'arrow buffers');
  reading.charge(2 * (offsets instanceof Uint8Array ? offsets.length : 0));
  const bits = valid === null ? null : expectBytes(valid, 'a buffer');
  const ends = offsetsOf(expectBytes(offsets ?? new Uint8Array(0), 'a buffer'), wide);
  const content = expectBytes(text ?? new Uint8Array(0), 'a buffer');
  if (
    count < 0 ||
    first < 0 ||
    (count > 0 && ends.length < first + count + 1) ||
    (bits && bits.length * 8 < first + count)
  )
    throw new Malformed('an arrow array that is longer than its buffers');
  reading.charge(48 * count + content.length);
  const source = Buffer.from(content.buffer, content.byteOffset, content.length);
  const values = Array.from({ length: count }, (_, i) => {
    const at = first + i;
    if (bits && !((bits[at >> 3]! >> (at & 7)) & 1)) return Number.NaN;
    return source.toString('utf8', ends[at], ends[at + 1]);
  });
  return new ArrowStrings(values);
}

function offsetsOf(bytes: Uint8Array, wide: boolean): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: Math.floor(bytes.length / (wide ? 8 : 4)) }, (_, i) =>
    wide ? Number(view.getBigInt64(i * 8, true)) : view.getInt32(i * 4, true),
  );
}

/** (chunks, type) */
function chunkedArray([chunks]: readonly unknown[], reading: Reading): ArrowStrings {
  const parts = expectList(chunks, 'arrow chunks').map((c) => {
    if (!(c instanceof ArrowStrings)) throw new Malformed(`an arrow chunk is ${kindOf(c)}`);
    return c.values;
  });
  reading.charge(8 * parts.reduce((sum, p) => sum + p.length, 0));
  return new ArrowStrings(parts.flat());
}

/** Columns of pandas 3 strings when pyarrow is there. */
const stringArray: Known = {
  create: (_, reading) => {
    const array = emptyArray();
    reading.onBuild(array, (given) => {
      const state = expectMap(given, 'the state of a string array');
      const strings = state.get('_pa_array') ?? state.get('_data');
      if (!(strings instanceof ArrowStrings)) throw new Malformed(`a string array of ${kindOf(strings)}`);
      Object.assign(array, new NumpyArray([strings.values.length], 'object', strings.values));
    });
    return array;
  },
};

const stringArrays = {
  ArrowStringArray: stringArray,
  ArrowStringArrayNumpySemantics: stringArray,
  ArrowExtensionArray: stringArray,
};

/** pyarrow's arrays of strings, as pandas 3 pickles them. */
export const arrowNames: readonly (readonly [string, Known])[] = [
  ...named(['pyarrow.lib'], {
    type_for_alias: { call: ([alias]) => new ArrowType(expectString(alias, 'an arrow type')) },
    py_buffer: { call: ([bytes]) => (bytes === null ? null : expectBytes(bytes, 'a buffer')) },
    _restore_array: { call: restoreArray },
    chunked_array: { call: chunkedArray },
  }),
  ...named(
    ['pandas.arrays', 'pandas.core.arrays.string_arrow', 'pandas.core.arrays.arrow.array'],
    stringArrays,
  ),
];
