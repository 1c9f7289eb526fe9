import type { DataFrame } from 'danfojs-node';
import { formatTime } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import { Panel } from '../../components/core/panel.ts';
import type {
  Cells,
  DType,
  IndexLevel,
  SeriesTable,
  Table,
  TableColumn,
} from '../../components/core/table.ts';
import { panelToTable, rowCount } from '../../components/core/table.ts';
import { isTable } from './tables.ts';

/**
 * A table, series or panel as a DataFrame of danfojs, which is loaded only here. danfojs has neither row nor column levels: one
 * index level becomes the index, several become columns in front (pandas' `reset_index`); column levels are joined by a dot;
 * dates are texts; int64 beyond 2^53 loses digits.
 * @throws UserError where the value is no table.
 */
export async function toDanfo(value: unknown): Promise<DataFrame> {
  const table = value instanceof Panel ? panelToTable(value) : value;
  if (!isTable(table)) throw new UserError('only tables can be read as danfo DataFrames');
  const count = rowCount(table);
  const columns = [
    ...(table.index.length > 1 ? table.index.map(levelColumn(count)) : []),
    ...columnsOf(table).map(({ label, dtype, values }): [string, unknown[]] => [
      Array.isArray(label) ? label.join('.') : String(label ?? ''),
      plainCells(dtype, values),
    ]),
  ];
  const danfo = await loadDanfo();
  const frame = new danfo.DataFrame(Object.fromEntries(columns));
  const [only] = table.index;
  if (table.index.length !== 1 || !only || only.range) return frame;
  frame.setIndex({ index: levelColumn(count)(only, 0)[1] as (string | number)[], inplace: true });
  return frame;
}

async function loadDanfo(): Promise<typeof import('danfojs-node')> {
  const module = await import('danfojs-node');
  // a CommonJS bundle: its names stand on `default` where Node can't see them
  return 'DataFrame' in module ? module : (module as { default: typeof import('danfojs-node') }).default;
}

function columnsOf(table: Table | SeriesTable): readonly TableColumn[] {
  if (table.kind === 'frame') return table.columns;
  return [{ label: table.name ?? '0', dtype: table.dtype, values: table.values }];
}

function levelColumn(count: number) {
  return ({ name, dtype, values, codes }: IndexLevel, k: number): [string, unknown[]] => {
    const distinct = plainCells(dtype, values);
    const cells = codes ? Array.from({ length: count }, (_, r) => distinct[codes[r]!] ?? null) : distinct;
    return [name ?? `level_${k}`, cells];
  };
}

function plainCells(dtype: DType, values: Cells): unknown[] {
  const cells = Array.from<unknown>(values as ArrayLike<unknown>);
  if (dtype === 'datetime64[ns]') return cells.map((t) => (Number.isNaN(t) ? null : formatTime(t as number)));
  if (dtype === 'bool') return cells.map((b) => b === 1 || b === true);
  return dtype === 'int64' ? cells.map(Number) : cells;
}
