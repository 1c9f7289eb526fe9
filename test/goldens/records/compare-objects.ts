import { PyFloat, PyObject, PyTimestamp, PyTuple } from '../../../components/core/python.ts';
import type { IndexLevel, SeriesTable, Table } from '../../../components/core/table.ts';
import { NumpyArray, PyGlobal, PyReduced } from '../../../records/pickle/values.ts';
import type { Difference } from '../support.ts';

/** Compares an object of ours with one of qlib's, both as read back from a pickle: structure exactly, numbers within the tolerance. */
export function compareObjects(ours: unknown, theirs: unknown, difference: Difference, at = ''): void {
  const [a, b] = [plain(ours), plain(theirs)];
  if (typeof a === 'number' && typeof b === 'number') {
    difference.add(a, b, at);
    return;
  }
  if (typeof a !== typeof b || a === null || b === null || typeof a !== 'object' || typeof b !== 'object') {
    if (a !== b) throw new Error(`${at}: ours ${String(a)}, qlib ${String(b)}`);
    return;
  }
  const [x, y] = [entriesOf(a), entriesOf(b as object)];
  const [mine, wanted] = [[...x.keys()].sort(), [...y.keys()].sort()];
  if (mine.join('\0') !== wanted.join('\0'))
    throw new Error(
      `${at}: ours has ${mine.slice(0, 12).join(', ')}; qlib ${wanted.slice(0, 12).join(', ')}`,
    );
  for (const [key, value] of y) compareObjects(x.get(key), value, difference, `${at}.${key}`);
}

function plain(value: unknown): unknown {
  if (value instanceof PyFloat) return value.value;
  if (value instanceof PyTimestamp) return value.time;
  if (typeof value === 'bigint') return Number(value);
  return value === undefined ? null : value;
}

function isTable(value: object): value is Table | SeriesTable {
  return 'kind' in value && (value.kind === 'frame' || value.kind === 'series');
}

/** What there is to compare in a value, by name. */
function entriesOf(value: object): Map<string, unknown> {
  if (value instanceof Map) return new Map([...value].map(([k, v]) => [String(plain(k)), v] as const));
  if (value instanceof PyTuple) return entriesOf(value.items as unknown[]);
  if (value instanceof PyGlobal) return new Map([['path', value.path]]);
  if (value instanceof PyReduced)
    return new Map<string, unknown>([
      ['name', value.name],
      ['args', value.args],
    ]);
  if (value instanceof PyObject && value.name === 'SingleData') return byLabel(value);
  if (value instanceof PyObject)
    return new Map<string, unknown>([['class', `${value.module}.${value.name}`], ...value.state]);
  if (value instanceof NumpyArray) return entriesOf(Array.from(value.values as ArrayLike<unknown>));
  if (isTable(value)) return tableEntries(value);
  if (ArrayBuffer.isView(value)) return entriesOf(Array.from(value as unknown as ArrayLike<unknown>));
  return new Map(Object.entries(value));
}

/** qlib's one-dimensional tables: in which order the orders of a day stand is no contract. */
function byLabel({ state }: PyObject): Map<string, unknown> {
  const [index] = state.get('indices') as [PyObject];
  const [labels, values] = [index.state.get('idx_list'), state.get('data')] as [NumpyArray, NumpyArray];
  const map = index.state.get('index_map') as ReadonlyMap<string, number>;
  const entries = Array.from(labels.values as ArrayLike<unknown>, (label, i) => {
    if (map.get(String(label)) !== i) throw new Error(`index_map of ${String(label)}`);
    return [String(label), values.values[i]] as const;
  });
  return new Map<string, unknown>([...entries, ['ndim', state.get('ndim')]]);
}

function tableEntries(table: Table | SeriesTable): Map<string, unknown> {
  const entries = new Map<string, unknown>(
    table.index.map((level, i) => [`level ${i}`, levelEntries(level)]),
  );
  if (table.kind === 'series')
    return entries
      .set('name', table.name)
      .set('dtype', table.dtype)
      .set('values', Array.from(table.values as ArrayLike<unknown>));
  for (const { label, dtype, values } of table.columns)
    entries.set(`column ${String(label)}`, { dtype, values: Array.from(values as ArrayLike<unknown>) });
  return entries;
}

function levelEntries({ name, dtype, values, codes }: IndexLevel) {
  const labels = codes ? Array.from(codes, (code) => values[code]) : Array.from(values as ArrayLike<unknown>);
  return { name, dtype, labels };
}
