import { PyTuple } from '../../../components/core/python.ts';
import type { Reading } from './known.ts';
import { expectInt, expectString, kindOf, Malformed, printable } from './malformed.ts';

/** A numpy dtype while arrays are put together. */
export class NumpyDType {
  /** Bytes of an item; of one character for U. */
  readonly size: number;
  bigEndian = false;
  /** Milliseconds of a unit of M8 and m8; calendar units (`M`, `Y`) by name. */
  unit: string | undefined;
  count = 1;

  constructor(
    readonly kind: string,
    size: number,
  ) {
    this.size = kind === 'U' ? size * 4 : size;
  }

  get text(): string {
    return `${this.kind}${this.kind === 'U' ? this.size / 4 : this.size}`;
  }
}

const sizes: Readonly<Record<string, readonly number[]>> = {
  b: [1],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  f: [2, 4, 8],
  c: [8, 16],
  M: [8],
  m: [8],
  O: [4, 8],
};

/** `numpy.dtype('f8', False, True)`; the byte order and the unit of dates follow as its state. */
export function makeDType(args: readonly unknown[], reading: Reading): NumpyDType {
  const spec = expectString(args[0], 'the type of a numpy array');
  const match = /^([<>|=]?)([a-zA-Z])(\d{0,6})(?:\[(\d*)(\w+)\])?$/.exec(spec);
  const [, order, kind = '', digits = '', count, unit] = match ?? [];
  const dtype = new NumpyDType(kind, digits === '' ? 8 : Number(digits));
  const allowed = sizes[kind];
  const known = kind === 'S' || kind === 'U' || (Object.hasOwn(sizes, kind) && allowed?.includes(dtype.size));
  if (!match || !known) throw new Malformed(`arrays of the numpy type ${printable(spec, 30)} are not read`);
  dtype.bigEndian = order === '>';
  if (unit) setUnit(dtype, unit, count ? Number(count) : 1);
  reading.onBuild(dtype, (state) => setState(dtype, state));
  return dtype;
}

/** (version, byte order, subarray, names, fields, item size, alignment, flags, metadata) */
function setState(dtype: NumpyDType, state: unknown): void {
  if (!(state instanceof PyTuple)) throw new Malformed(`the state of a dtype is ${kindOf(state)}`);
  const [, order, subarray, names, fields, , , , metadata] = state.items;
  if (subarray !== null || names !== null || fields !== null)
    throw new Malformed('numpy arrays of records are not read');
  dtype.bigEndian = order === '>';
  if (metadata === undefined || metadata === null || !(metadata instanceof PyTuple)) return;
  const unit = metadata.items[1];
  if (!(unit instanceof PyTuple)) return;
  const [name, count] = unit.items;
  setUnit(
    dtype,
    name instanceof Uint8Array ? Buffer.from(name).toString('latin1') : expectString(name, 'a unit'),
    expectInt(count, 'the count of a unit'),
  );
}

function setUnit(dtype: NumpyDType, unit: string, count: number): void {
  if (!/^(Y|M|W|D|h|m|s|ms|us|ns|generic)$/.test(unit) || count < 1)
    throw new Malformed(`dates in units of ${printable(unit, 20)} are not read`);
  dtype.unit = unit;
  dtype.count = count;
}
