import type { IndexLevel, SeriesTable, Table } from '../../components/core/table.ts';

/** A Series by day: what qlib's daily figures are saved as; in float32 if `isSingle`. */
export function dailySeries(
  times: Float64Array,
  values: Float64Array,
  { name = null, isSingle = false }: { name?: string | null; isSingle?: boolean } = {},
): SeriesTable {
  return {
    kind: 'series',
    index: [{ name: 'datetime', dtype: 'datetime64[ns]', values: times, codes: null }],
    name,
    dtype: isSingle ? 'float32' : 'float64',
    values: isSingle ? Float32Array.from(values) : values,
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
