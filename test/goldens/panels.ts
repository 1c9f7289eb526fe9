import { join } from 'node:path';
import { formatTime, parseTime } from '../../components/core/dates.ts';
import {
  allocate,
  denseColumn,
  denseValues,
  Panel,
  type PanelColumn,
  PanelIndex,
} from '../../components/core/panel.ts';
import { Difference, readCsv, toNumber } from './support.ts';

/** How the golden files describe a table that they hold beside. */
export interface TableInfo {
  readonly file: string;
  readonly rows: number;
  readonly dtypes: readonly string[];
}

export interface GoldenTable {
  readonly header: readonly string[];
  readonly rows: readonly {
    readonly time: number;
    readonly instrument: string;
    readonly cells: readonly string[];
  }[];
}

/** A table with the index columns datetime and instrument. */
export function readTable(folder: string, file: string): GoldenTable {
  const { header, rows } = readCsv(join(folder, file));
  return {
    header: header.slice(2),
    rows: rows.map(([date, instrument, ...cells]) => ({
      time: parseTime(date!)!,
      instrument: instrument!,
      cells,
    })),
  };
}

/** The table as a panel of one dtype; `feature.KMID` is column KMID of the group feature. Rows must be sorted. */
export function readPanel(folder: string, file: string, type: 'f32' | 'f64'): Panel {
  const { header, rows } = readTable(folder, file);
  const instruments = [...new Set(rows.map((r) => r.instrument))].sort();
  const times = [...new Set(rows.map((r) => r.time))].sort((a, b) => a - b);
  const offsets = times.map((time) => rows.findIndex((r) => r.time === time));
  const index = new PanelIndex(
    Float64Array.from(times),
    Int32Array.from([...offsets, rows.length]),
    instruments,
    Int32Array.from(rows, (r) => instruments.indexOf(r.instrument)),
  );
  return new Panel(
    index,
    header.map((label, c) => {
      const values = allocate(type, rows.length);
      rows.forEach((row, i) => {
        values[i] = toNumber(row.cells[c]);
      });
      return denseColumn(...splitLabel(label), values);
    }),
  );
}

function splitLabel(label: string): [group: string | null, name: string] {
  const dot = label.indexOf('.');
  return dot < 0 ? [null, label] : [label.slice(0, dot), label.slice(dot + 1)];
}

export function labelOf({ group, name }: Pick<PanelColumn, 'group' | 'name'>): string {
  return group === null ? name : `${group}.${name}`;
}

/** Compares a panel with a golden table: columns, rows (in any order), the dtype of each column where given, and all values. */
export function comparePanel(
  panel: Panel,
  table: GoldenTable,
  tolerance: { relative: number; absolute?: number },
  least = 1,
): void {
  const labels = panel.columns.map(labelOf);
  if (labels.join() !== table.header.join())
    throw new Error(`columns differ: ours ${labels.join()}, qlib ${table.header.join()}`);
  if (panel.length !== table.rows.length)
    throw new Error(`${panel.length} rows, qlib has ${table.rows.length}`);
  const rowOf = new Map<string, number>();
  panel.index.timeCodes().forEach((t, row) => {
    rowOf.set(`${panel.index.times[t]} ${panel.index.instruments[panel.index.codes[row]!]}`, row);
  });
  const rows = table.rows.map(({ time, instrument }) => {
    const row = rowOf.get(`${time} ${instrument}`);
    if (row === undefined) throw new Error(`no row ${formatTime(time)} ${instrument}`);
    return row;
  });
  const difference = new Difference(tolerance.relative, tolerance.absolute ?? 0);
  panel.columns.forEach((column, c) => {
    const values = denseValues(column);
    const round = values instanceof Float32Array ? Math.fround : (x: number) => x;
    table.rows.forEach(({ time, instrument, cells }, r) => {
      difference.add(
        values[rows[r]!]!,
        round(toNumber(cells[c])),
        () => `${labels[c]} ${formatTime(time)} ${instrument}`,
      );
    });
  });
  difference.check(least);
}
