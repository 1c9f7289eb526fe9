import { PyTimestamp, PyTuple } from '../../../components/core/python.ts';
import type { Cells } from '../../../components/core/table.ts';
import { NumpyArray } from '../values.ts';
import { decodeItems } from './decode-items.ts';
import { NumpyDType } from './dtype.ts';
import type { Reading } from './known.ts';
import { expectBytes, expectInt, expectList, kindOf, Malformed } from './malformed.ts';

/** `numpy.core.multiarray._reconstruct`: an empty array that BUILD fills. */
export function reconstruct(_args: readonly unknown[], reading: Reading): NumpyArray {
  const array = new NumpyArray([0], 'float64', new Float64Array(0));
  reading.onBuild(array, (state) => {
    if (!(state instanceof PyTuple)) throw new Malformed(`the state of an array is ${kindOf(state)}`);
    // before numpy 1.0 there was no version in front
    const [shape, dtype, fortran, data] = state.items.slice(-4);
    Object.assign(array, makeArray(shape, dtype, fortran === true, data, reading));
  });
  return array;
}

/** `numpy.core.numeric._frombuffer(buffer, dtype, shape, order)` of protocol 5; numpy 2 adds the order of the axes for `K`. */
export function fromBuffer(
  [buffer, dtype, shape, order, axes]: readonly unknown[],
  reading: Reading,
): NumpyArray {
  if (order !== 'K' || axes === null || axes === undefined)
    return makeArray(shape, dtype, order === 'F', buffer, reading);
  const array = makeArray(shape, dtype, false, buffer, reading);
  const places = shapeOf(axes);
  const { length } = array.shape;
  if (places.length !== length || new Set(places).size !== length || places.some((k) => k >= length))
    throw new Malformed('an order of axes that is none');
  const steps = cSteps(array.shape);
  const turned = places.map((k) => array.shape[k]!);
  reading.charge(8 * array.values.length);
  return new NumpyArray(
    turned,
    array.dtype,
    gather(
      array.values,
      turned,
      places.map((k) => steps[k]!),
    ),
  );
}

/** `numpy.core.multiarray.scalar(dtype, bytes)`: a plain value. */
export function scalar([dtype, content]: readonly unknown[], reading: Reading): unknown {
  if (!(dtype instanceof NumpyDType)) throw new Malformed(`${kindOf(dtype)} is no dtype`);
  if (dtype.kind === 'O') return content ?? null;
  const bytes = expectBytes(content, 'the content of a numpy number');
  if (bytes.length !== dtype.size) throw new Malformed(`a ${dtype.text} number of ${bytes.length} bytes`);
  const { dtype: type, values } = decodeItems(dtype, bytes, reading);
  const value: unknown = values[0];
  if (type === 'bool') return value === 1;
  if (type === 'datetime64[ns]') return new PyTimestamp(value as number);
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

export function makeArray(
  shapeGiven: unknown,
  dtype: unknown,
  fortran: boolean,
  data: unknown,
  reading: Reading,
): NumpyArray {
  if (!(dtype instanceof NumpyDType)) throw new Malformed(`${kindOf(dtype)} is no dtype`);
  const shape = shapeOf(shapeGiven);
  const count = shape.reduce((product, n) => product * n, 1);
  if (dtype.kind === 'O') {
    const items = expectList(data, 'the content of an array of objects');
    if (items.length !== count) throw new Malformed(`an array of ${count} objects has ${items.length}`);
    reading.charge(8 * count);
    return new NumpyArray(shape, 'object', cOrder([...items], shape, fortran));
  }
  const bytes = expectBytes(data, 'the content of an array');
  if (bytes.length !== count * dtype.size)
    throw new Malformed(`an array of ${count} ${dtype.text} has ${bytes.length} bytes`);
  const { dtype: type, values } = decodeItems(dtype, bytes, reading);
  if (fortran && shape.length > 1) reading.charge(8 * count);
  return new NumpyArray(shape, type, cOrder(values, shape, fortran));
}

function shapeOf(given: unknown): number[] {
  if (!(given instanceof PyTuple)) throw new Malformed(`the shape of an array is ${kindOf(given)}`);
  if (given.items.length > 32) throw new Malformed(`an array of ${given.items.length} dimensions`);
  return given.items.map((n) => {
    const length = expectInt(n, 'the length of a dimension');
    if (length < 0) throw new Malformed(`a dimension of length ${length}`);
    return length;
  });
}

/** Items that lie in Fortran order (first index fastest), rearranged so that the last index is fastest. */
function cOrder(values: Cells, shape: readonly number[], fortran: boolean): Cells {
  if (!fortran || shape.length < 2) return values;
  return gather(values, shape, cSteps([...shape].reverse()).reverse());
}

/** How far apart neighbours along each axis lie in C order. */
function cSteps(shape: readonly number[]): number[] {
  const steps = new Array<number>(shape.length).fill(1);
  for (let k = shape.length - 2; k >= 0; k--) steps[k] = steps[k + 1]! * shape[k + 1]!;
  return steps;
}

/** Items in C order, where neighbours along axis k lie `steps[k]` apart in `values`. */
function gather(values: Cells, shape: readonly number[], steps: readonly number[]): Cells {
  const out = values.slice() as unknown[];
  const place = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let to = 0; to < values.length; to++) {
    out[to] = values[from];
    for (let k = shape.length - 1; k >= 0; k--) {
      from += steps[k]!;
      if (++place[k]! < shape[k]!) break;
      from -= steps[k]! * shape[k]!;
      place[k] = 0;
    }
  }
  return out as Cells;
}
