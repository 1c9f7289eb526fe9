import type { Time } from '../core/dates.ts';
import { parseTime } from '../core/dates.ts';
import { denseColumn, Panel, PanelIndex } from '../core/panel.ts';
import type { IndexLevel, SeriesTable, Table } from '../core/table.ts';
import { tableToPanel as coreTableToPanel } from '../core/table-to-panel.ts';

/** Times and values of a Series by time, sorted; undefined for anything else. */
export function readSeries(
  value: unknown,
): { times: Float64Array; values: Float64Array | Float32Array } | undefined {
  if (!isTable(value) || value.kind !== 'series' || value.index.length !== 1) return undefined;
  const times = levelTimes(value.index[0]!);
  const order = [...times.keys()].sort((a, b) => times[a]! - times[b]!);
  const cells = value.values;
  const values = order.map((i) => Number(cells[i]));
  return {
    times: Float64Array.from(order, (i) => times[i]!),
    values: value.dtype === 'float32' ? Float32Array.from(values) : Float64Array.from(values),
  };
}

export function isTable(value: unknown): value is Table | SeriesTable {
  return (
    typeof value === 'object' &&
    value !== null &&
    ((value as { kind?: unknown }).kind === 'frame' || (value as { kind?: unknown }).kind === 'series') &&
    Array.isArray((value as { index?: unknown }).index)
  );
}

/**
 * The panel that a table with index (datetime, instrument), in either order, stands for.
 * @throws Error where the index has other levels
 */
export function tableToPanel(table: Table | SeriesTable): Panel {
  if (table.index.length !== 2) throw new Error('a table with index (datetime, instrument) is needed');
  const [a, b] = table.index as readonly [IndexLevel, IndexLevel];
  // what pandas wrote has codes and typed levels, and needs no cell a row; the rest is told apart by names
  if (a.codes && b.codes && [a, b].some((l) => l.dtype === 'object') && isTimed(a) !== isTimed(b))
    return coreTableToPanel(table);
  const timeFirst = a.name === 'datetime' || (b.name !== 'datetime' && a.dtype === 'datetime64[ns]');
  const rowTimes = levelTimes(timeFirst ? a : b);
  const rowNames = levelValues(timeFirst ? b : a).map(String);
  const instruments = [...new Set(rowNames)].sort();
  const codeOf = new Map(instruments.map((name, code) => [name, code]));
  const codes = rowNames.map((name) => codeOf.get(name)!);
  const order = [...codes.keys()].sort((i, j) => rowTimes[i]! - rowTimes[j]! || codes[i]! - codes[j]!);
  const times: Time[] = [];
  const offsets = [0];
  order.forEach((row, at) => {
    if (times.length === 0 || times[times.length - 1] !== rowTimes[row]) {
      times.push(rowTimes[row]!);
      offsets.push(at + 1);
    } else offsets[offsets.length - 1] = at + 1;
  });
  const index = new PanelIndex(
    Float64Array.from(times),
    Int32Array.from(offsets),
    instruments,
    Int32Array.from(order, (row) => codes[row]!),
  );
  const columns =
    table.kind === 'series' ? [{ label: table.name ?? 'score', values: table.values }] : table.columns;
  return new Panel(
    index,
    columns.map(({ label, values }) =>
      denseColumn(
        null,
        String(Array.isArray(label) ? label.join('.') : label),
        Float64Array.from(order, (row) => Number(values[row])),
      ),
    ),
  );
}

const isTimed = ({ dtype }: IndexLevel) => dtype === 'datetime64[ns]';

function levelValues({ values, codes }: IndexLevel): unknown[] {
  return codes
    ? Array.from(codes, (code) => (code < 0 ? undefined : values[code]))
    : Array.from<unknown>(values);
}

function levelTimes(level: IndexLevel): Float64Array {
  return Float64Array.from(levelValues(level) as Iterable<unknown>, (x) =>
    typeof x === 'number' ? x : (parseTime(String(x)) ?? Number.NaN),
  );
}
