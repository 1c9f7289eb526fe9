import type { Time } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import { PyDate, PyDateTime, PyFloat, PyObject, PyTimestamp, PyTuple } from '../../components/core/python.ts';
import type { SeriesTable, Table } from '../../components/core/table.ts';
import { nanoseconds } from './cells.ts';
import { Emitter } from './emitter.ts';
import { type IndexTable, NumpyArray, PyGlobal, PyReduced, Transient } from './values.ts';
import { writeIndex } from './write-index.ts';
import { writeArray, writeTypedArray } from './write-numpy.ts';
import { writeFrame, writeSeries } from './write-pandas.ts';

/** Deeper nesting than this is refused rather than left to the stack. */
const maxDepth = 500;

/**
 * Pickles a value with protocol 4, in the form that pandas 1.5 to 3 and numpy 1.2x to 2 read; equal input gives equal bytes.
 * undefined and null are None; a whole number is an int (write `PyFloat` for a float); Map and plain objects are dicts, Set is a
 * set, Uint8Array is bytes, other typed arrays are numpy arrays. Shared containers stay shared, cycles are kept.
 * @throws UserError for what has no pickle: functions, symbols, class instances that are none of ours.
 */
export function writePickle(value: unknown): Uint8Array {
  const chunks = writePickleChunks(value);
  const out = new Uint8Array(chunks.reduce((sum, c) => sum + c.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

/** As `writePickle`, in pieces to be written one after the other; large columns are views of their own storage. */
export function writePickleChunks(value: unknown): Uint8Array[] {
  const emit = new Emitter(writeValue);
  emit.value(value);
  return emit.finish();
}

function writeValue(emit: Emitter, value: unknown): void {
  if (value === null || value === undefined) emit.none();
  else if (typeof value === 'boolean') emit.bool(value);
  else if (typeof value === 'number') writeNumber(emit, value);
  else if (typeof value === 'bigint') emit.bigint(value);
  else if (typeof value === 'string') emit.string(value);
  else if (value instanceof PyFloat) emit.float(value.value);
  else if (typeof value === 'object') writeObject(emit, value);
  else throw new UserError(`a ${typeof value} can't be pickled`);
}

function writeNumber(emit: Emitter, value: number): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) emit.int(value);
  else emit.float(value);
}

function writeObject(emit: Emitter, value: object): void {
  if (emit.depth > maxDepth)
    throw new UserError(`can't pickle a value nested deeper than ${maxDepth} levels`);
  if (value instanceof Transient) {
    emit.apart(() => emit.value(value.make()));
    return;
  }
  if (emit.recall(value)) return;
  if (value instanceof PyTimestamp) writeTimestamp(emit, value);
  else if (value instanceof PyDate) emit.call('datetime', 'date', dateFields(value.time).slice(0, 3));
  else if (value instanceof PyDateTime)
    emit.call('datetime', 'datetime', [...dateFields(value.time), value.microseconds]);
  else if (value instanceof PyTuple) emit.tuple(value.items);
  else if (value instanceof PyObject) writeInstance(emit, value);
  else if (value instanceof PyGlobal) emit.global(value.module, value.name);
  else if (value instanceof PyReduced) emit.call(value.module, value.name, value.args);
  else if (value instanceof NumpyArray) writeArray(emit, value);
  else if (Array.isArray(value)) writeList(emit, value);
  else if (value instanceof Map) writeDict(emit, value, value);
  else if (value instanceof Set) writeSet(emit, value);
  else if (value instanceof Uint8Array) emit.bytes([value]);
  else if (ArrayBuffer.isView(value)) writeTypedArray(emit, value);
  else if (isTable(value)) writeTable(emit, value);
  else {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype)
      throw new UserError(`an instance of ${value.constructor?.name ?? 'a class'} can't be pickled`, {
        hint: 'allowed: plain values, arrays, Map, Set, typed arrays, tables and the values of components/core/python.ts',
      });
    writeDict(emit, value, Object.entries(value));
  }
}

function writeList(emit: Emitter, items: readonly unknown[]): void {
  emit.emptyList();
  emit.remember(items);
  emit.append(items);
}

function writeDict(
  emit: Emitter,
  identity: object,
  entries: ReadonlyMap<unknown, unknown> | readonly (readonly [unknown, unknown])[],
): void {
  emit.emptyDict();
  emit.remember(identity);
  emit.setItems(
    entries,
    Array.isArray(entries) ? entries.length : (entries as ReadonlyMap<unknown, unknown>).size,
  );
}

function writeSet(emit: Emitter, items: ReadonlySet<unknown>): void {
  emit.emptySet();
  emit.remember(items);
  emit.addItems(items);
}

function writeTimestamp(emit: Emitter, { time }: PyTimestamp): void {
  if (Number.isNaN(time)) {
    emit.global('pandas._libs.tslibs.nattype', 'NaT');
    return;
  }
  const nanos = new DataView(nanoseconds([time]).buffer).getBigInt64(0, true);
  // 10 stands for nanoseconds in numpy's list of datetime units
  emit.call('pandas._libs.tslibs.timestamps', '_unpickle_timestamp', [nanos, null, null, 10]);
}

/** Year, month, day, hour, minute, second. */
function dateFields(time: Time): number[] {
  const date = new Date(time);
  const day = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  return [...day, date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
}

function writeInstance(emit: Emitter, value: PyObject): void {
  emit.newInstance(value.module, value.name);
  emit.remember(value);
  emit.build(value.state);
}

function isTable(value: object): value is Table | SeriesTable | IndexTable {
  return 'kind' in value && 'index' in value && Array.isArray(value.index);
}

function writeTable(emit: Emitter, value: Table | SeriesTable | IndexTable): void {
  if (value.kind === 'frame') writeFrame(emit, value);
  else if (value.kind === 'series') writeSeries(emit, value);
  else writeIndex(emit, value.index);
}
