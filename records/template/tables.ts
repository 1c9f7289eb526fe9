import type { Values } from '../../components/core/panel.ts';
import type { IndexLevel, SeriesTable, Table } from '../../components/core/table.ts';

/** A Series by day, in the precision of its values: what qlib's daily figures are saved as. */
export function dailySeries(
  times: Float64Array,
  values: Values,
  { name = null }: { name?: string | null } = {},
): SeriesTable {
  return {
    kind: 'series',
    index: [{ name: 'datetime', dtype: 'datetime64[ns]', values: times, codes: null }],
    name,
    dtype: values instanceof Float32Array ? 'float32' : 'float64',
    values,
  };
}

/** A DataFrame of one column of numbers under text labels. */
export function figureTable(column: string, figures: Readonly<Record<string, number>>): Table {
  return {
    kind: 'frame',
    index: [textLevel(Object.keys(figures))],
    columns: [{ label: column, dtype: 'float64', values: Float64Array.from(Object.values(figures)) }],
  };
}

/** Several tables of figures below each other, the outer labels in front: pandas' `concat` of a dict. */
export function stackedTable(
  column: string,
  parts: Readonly<Record<string, Readonly<Record<string, number>>>>,
): Table {
  const rows = Object.entries(parts).flatMap(([outer, figures]) =>
    Object.entries(figures).map(([inner, value]) => ({ outer, inner, value })),
  );
  return {
    kind: 'frame',
    index: [textLevel(rows.map((r) => r.outer)), textLevel(rows.map((r) => r.inner))],
    columns: [{ label: column, dtype: 'float64', values: Float64Array.from(rows, (r) => r.value) }],
  };
}

/** Row labels of text, each kept once. */
export function textLevel(labels: readonly string[]): IndexLevel {
  return { name: null, dtype: 'object', values: labels, codes: null };
}

/** A column of a table as numbers. */
export function numberColumn(table: Table, label: string): Float64Array {
  const column = table.columns.find((c) => c.label === label);
  if (!column) throw new Error(`no column "${label}" in the table`);
  return Float64Array.from(column.values as ArrayLike<number | bigint>, Number);
}
