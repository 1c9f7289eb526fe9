import { PyTuple } from '../../../components/core/python.ts';
import type { IndexLevel } from '../../../components/core/table.ts';
import { pythonStr } from '../python-repr.ts';
import { type IndexTable, NumpyArray, PyGlobal } from '../values.ts';
import { emptyArray, expectArray } from './extension-arrays.ts';
import type { Reading } from './known.ts';
import { expectInt, expectList, expectMap, kindOf, Malformed } from './malformed.ts';
import { isIndex } from './pandas-dtypes.ts';

/** `_new_Index(class, state)` and its kin: rows labels of any class. */
export function newIndex([cls, given]: readonly unknown[], reading: Reading): IndexTable {
  if (!(cls instanceof PyGlobal)) throw new Malformed(`${kindOf(cls)} is no index class`);
  const state = expectMap(given, 'the state of an index');
  const name = cls.name;
  if (name === 'MultiIndex') return { kind: 'index', index: levelsOf(state, reading) };
  if (name === 'RangeIndex') return { kind: 'index', index: [rangeOf(state, reading)] };
  const data = state.get('data');
  const array = data === undefined ? emptyArray() : isIndex(data) ? arrayOf(data) : expectArray(data, name);
  if (array.shape.length !== 1) throw new Malformed(`an index of ${array.shape.length} dimensions`);
  return {
    kind: 'index',
    index: [{ name: levelName(state.get('name')), dtype: array.dtype, values: array.values, codes: null }],
  };
}

/** Names other than strings are kept as text. */
export function levelName(value: unknown): string | null {
  return value === null || value === undefined ? null : pythonStr(value, 200);
}

/** The labels of an index that wraps another one. */
function arrayOf({ index }: IndexTable): NumpyArray {
  const [level] = index;
  if (!level || index.length !== 1 || level.codes) throw new Malformed('an index made of a MultiIndex');
  return new NumpyArray([level.values.length], level.dtype, level.values);
}

function rangeOf(state: ReadonlyMap<unknown, unknown>, reading: Reading): IndexLevel {
  const start = expectInt(state.get('start') ?? 0, 'the start of a range');
  const stop = expectInt(state.get('stop'), 'the stop of a range');
  const step = expectInt(state.get('step') ?? 1, 'the step of a range');
  if (step === 0) throw new Malformed('a range with step 0');
  const length = Math.max(0, Math.ceil((stop - start) / step));
  reading.charge(8 * length);
  const values = new BigInt64Array(length);
  for (let i = 0; i < length; i++) values[i] = BigInt(start + i * step);
  return { name: levelName(state.get('name')), dtype: 'int64', values, codes: null, range: true };
}

function levelsOf(state: ReadonlyMap<unknown, unknown>, reading: Reading): IndexLevel[] {
  const levels = itemsOf(state.get('levels'), 'levels');
  const codes = itemsOf(state.get('codes') ?? state.get('labels'), 'codes');
  const names = state.get('names') === undefined ? [] : itemsOf(state.get('names'), 'names');
  if (levels.length !== codes.length || levels.length === 0)
    throw new Malformed(`${levels.length} levels and ${codes.length} codes`);
  const out = levels.map((given, k): IndexLevel => {
    const level = isIndex(given) && given.index.length === 1 ? given.index[0] : undefined;
    if (!level) throw new Malformed(`a level is ${kindOf(given)}`);
    return {
      name: levelName(names[k] ?? level.name),
      dtype: level.dtype,
      values: level.values,
      codes: codesOf(codes[k], level.values.length, reading),
    };
  });
  if (out.some(({ codes: c }) => c?.length !== out[0]?.codes?.length))
    throw new Malformed('codes of different lengths');
  return out;
}

function itemsOf(value: unknown, what: string): readonly unknown[] {
  return value instanceof PyTuple ? value.items : expectList(value, what);
}

/** Codes as int32, each of them -1 or the place of a value. */
function codesOf(given: unknown, values: number, reading: Reading): Int32Array {
  const array = expectArray(given, 'level');
  const source = array.values;
  let codes: Int32Array;
  if (source instanceof Int32Array) codes = source;
  else if (source instanceof BigInt64Array) {
    reading.charge(4 * source.length);
    codes = Int32Array.from(source, Number);
  } else throw new Malformed(`codes of the type ${array.dtype}`);
  reading.charge(codes.length);
  for (let i = 0; i < codes.length; i++)
    if (codes[i]! < -1 || codes[i]! >= values)
      throw new Malformed(`code ${codes[i]} of a level with ${values} values`);
  return codes;
}
