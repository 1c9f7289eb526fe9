import { formatTime } from '../../../components/core/dates.ts';
import { PyTimestamp, PyTuple } from '../../../components/core/python.ts';
import type {
  Cells,
  IndexLevel,
  Label,
  SeriesTable,
  Table,
  TableColumn,
} from '../../../components/core/table.ts';
import { pythonStr } from '../python-repr.ts';
import { type IndexTable, NumpyArray, PyReduced } from '../values.ts';
import { expectArray } from './extension-arrays.ts';
import type { Known, Reading } from './known.ts';
import { expectInt, expectList, expectMap, kindOf, Malformed } from './malformed.ts';
import { isIndex } from './pandas-dtypes.ts';

/** Columns of one dtype: rows of `values` and the positions they have in the frame. */
class Block {
  constructor(
    readonly values: NumpyArray,
    readonly places: readonly number[],
  ) {}
}

/** pandas' BlockManager: axes and blocks. */
class Manager {
  axes: readonly IndexTable[] = [];
  blocks: readonly Block[] = [];
}

/** `_unpickle_block(values, placement, ndim)` */
export const unpickleBlock: Known = {
  call: ([values, placement], reading) =>
    new Block(expectArray(values, 'block'), placesOf(placement, reading)),
};

/** `BlockManager(blocks, axes)`; SingleBlockManager comes by NEWOBJ and a state that is kept under '0.14.1'. */
export const manager: Known = {
  call: ([blocks, axes]) => {
    const made = new Manager();
    made.axes = axesOf(axes);
    made.blocks = (blocks instanceof PyTuple ? blocks.items : expectList(blocks, 'blocks')).map((b) => {
      if (!(b instanceof Block)) throw new Malformed(`a block is ${kindOf(b)}`);
      return b;
    });
    return made;
  },
  create: (_, reading) => {
    const made = new Manager();
    reading.onBuild(made, (given) => {
      const parts = given instanceof PyTuple ? given.items : [];
      const state = expectMap(parts[3], 'the state of a manager').get('0.14.1');
      const { axes, blocks } = Object.fromEntries(expectMap(state, 'the state of a manager'));
      made.axes = axesOf(axes);
      made.blocks = expectList(blocks, 'blocks').map((b) => {
        const block = expectMap(b, 'a block');
        const values = block.get('values');
        const array = isIndex(values) ? indexValues(values) : expectArray(values, 'block');
        return new Block(array, placesOf(block.get('mgr_locs'), reading));
      });
    });
    return made;
  },
};

/** pandas.DataFrame: an empty table that BUILD fills. */
export const frameClass: Known = {
  create: (_, reading) => {
    const table: Table = { kind: 'frame', index: [], columns: [] };
    reading.onBuild(table, (given) => {
      const state = expectMap(given, 'the state of a frame');
      Object.assign(table, frameOf(managerOf(state), reading));
    });
    return table;
  },
};

/** pandas.Series */
export const seriesClass: Known = {
  create: (_, reading) => {
    const series: SeriesTable = { kind: 'series', index: [], name: null, dtype: 'float64', values: [] };
    reading.onBuild(series, (given) => {
      const state = expectMap(given, 'the state of a series');
      const { axes, blocks } = managerOf(state);
      const [block] = blocks;
      const index = axes[0]?.index;
      if (!block || !index || blocks.length !== 1 || axes.length !== 1)
        throw new Malformed('a series without its one column');
      const { dtype, values } = block.values;
      if (values.length !== lengthOf(index))
        throw new Malformed(`${values.length} values for ${lengthOf(index)} labels`);
      const name = labelOf(state.has('_name') ? state.get('_name') : state.get('name'));
      Object.assign(series, { index, name, dtype, values });
    });
    return series;
  },
};

function managerOf(state: ReadonlyMap<unknown, unknown>): Manager {
  const found = state.get('_mgr') ?? state.get('_data');
  if (found instanceof Manager) return found;
  throw new Malformed(`the data of a table are ${kindOf(found)}`);
}

function axesOf(given: unknown): IndexTable[] {
  return expectList(given, 'axes').map((axis) => {
    if (!isIndex(axis)) throw new Malformed(`an axis is ${kindOf(axis)}`);
    return axis;
  });
}

function indexValues({ index }: IndexTable): NumpyArray {
  const [level] = index;
  if (!level || level.codes) throw new Malformed('a block made of a MultiIndex');
  return new NumpyArray([level.values.length], level.dtype, level.values);
}

function placesOf(given: unknown, reading: Reading): number[] {
  if (given instanceof NumpyArray) {
    reading.charge(8 * given.values.length);
    return Array.from(given.values as ArrayLike<unknown>, (p) => expectInt(p, 'a position'));
  }
  if (!(given instanceof PyReduced) || given.name !== 'slice')
    throw new Malformed(`positions are ${kindOf(given)}`);
  const [start, stop, step] = given.args.map((a) => (a === null ? 1 : expectInt(a, 'a position')));
  if (start === undefined || stop === undefined || !step) throw new Malformed('positions without an end');
  const length = Math.max(0, Math.ceil((stop - start) / step));
  reading.charge(8 * length);
  return Array.from({ length }, (_, k) => start + k * step);
}

function lengthOf(index: readonly IndexLevel[]): number {
  const [first] = index;
  return first ? (first.codes ?? first.values).length : 0;
}

function frameOf({ axes, blocks }: Manager, reading: Reading): Table {
  const [columnAxis, rowAxis] = axes;
  if (!columnAxis || !rowAxis || axes.length !== 2) throw new Malformed(`a frame with ${axes.length} axes`);
  const count = lengthOf(columnAxis.index);
  const rows = lengthOf(rowAxis.index);
  reading.charge(128 * count);
  const columns = new Array<TableColumn | undefined>(count).fill(undefined);
  for (const { values: array, places } of blocks) {
    const { dtype, values } = array;
    if (values.length !== places.length * rows)
      throw new Malformed(`a block of ${values.length} cells for ${places.length} columns of ${rows} rows`);
    places.forEach((place, k) => {
      if (!(place >= 0 && place < count) || columns[place])
        throw new Malformed(`column ${place} is given twice or not there`);
      columns[place] = {
        label: columnLabel(columnAxis, place),
        dtype,
        values: cut(values, k * rows, (k + 1) * rows, reading),
      };
    });
  }
  const complete = columns.map((c, i) => {
    if (!c) throw new Malformed(`column ${i} has no values`);
    return c;
  });
  const named = columnAxis.index.length > 1 || columnAxis.index[0]?.name != null;
  return {
    kind: 'frame',
    index: rowAxis.index,
    columns: complete,
    ...(named ? { columnNames: columnAxis.index.map((level) => level.name) } : {}),
  };
}

function cut(values: Cells, from: number, to: number, reading: Reading): Cells {
  if (from === 0 && to === values.length) return values;
  if (!Array.isArray(values)) return (values as Float64Array).subarray(from, to);
  reading.charge(8 * (to - from));
  return values.slice(from, to);
}

function columnLabel({ index }: IndexTable, place: number): TableColumn['label'] {
  const labels = index.map(({ values, codes, dtype }) => {
    const at = codes ? codes[place]! : place;
    if (at < 0) return null;
    const value: unknown = values[at];
    if (dtype === 'datetime64[ns]') return Number.isNaN(value) ? null : formatTime(value as number);
    return simpleLabel(dtype === 'bool' ? value === 1 : value);
  });
  const [only] = labels;
  const value: unknown = index.length === 1 ? index[0]!.values[place] : undefined;
  if (value instanceof PyTuple) return value.items.map(simpleLabel);
  return labels.length === 1 ? (only ?? null) : labels;
}

/** Labels are strings, numbers and None; others are kept as their text. */
function simpleLabel(value: unknown): Label {
  if (value === null || value === undefined || typeof value === 'string' || typeof value === 'number')
    return value ?? null;
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  return value instanceof PyTimestamp ? formatTimeLabel(value) : pythonStr(value, 200);
}

function formatTimeLabel({ time }: PyTimestamp): string {
  return Number.isNaN(time) ? 'NaT' : formatTime(time);
}

function labelOf(value: unknown): SeriesTable['name'] {
  return value instanceof PyTuple ? value.items.map(simpleLabel) : simpleLabel(value);
}
