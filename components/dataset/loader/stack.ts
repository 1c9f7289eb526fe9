import { allocate, Panel, PanelIndex, type Values } from '../../core/panel.ts';

/** Panels with the same columns, one over the other, rows sorted by time and instrument; a pair may occur only once. pandas `concat(axis=0).sort_index()`. */
export function stackPanels(panels: readonly Panel[]): Panel {
  const [first] = panels;
  if (!first) throw new Error('no panels to stack');
  const filled = panels.filter((p) => p.length > 0);
  if (filled.length <= 1) return filled[0] ?? first;
  const instruments = [...new Set(filled.flatMap((p) => p.index.instruments))].sort((a, b) =>
    a < b ? -1 : a > b ? 1 : 0,
  );
  const codeOf = new Map(instruments.map((name, code) => [name, code]));
  const rows = filled.flatMap((p, source) => {
    const codes = p.index.instruments.map((name) => codeOf.get(name)!);
    return Array.from(p.index.timeCodes(), (t, row) => ({
      source,
      row,
      time: p.index.times[t]!,
      code: codes[p.index.codes[row]!]!,
    }));
  });
  rows.sort((a, b) => a.time - b.time || a.code - b.code);
  const times: number[] = [];
  const offsets: number[] = [];
  rows.forEach(({ time }, row) => {
    if (times.at(-1) === time) return;
    times.push(time);
    offsets.push(row);
  });
  const codes = new Int32Array(new SharedArrayBuffer(rows.length * 4));
  rows.forEach(({ code }, row) => {
    codes[row] = code;
  });
  const index = new PanelIndex(
    Float64Array.from(times),
    Int32Array.from([...offsets, rows.length]),
    instruments,
    codes,
  );
  const columns = first.columns.map((column, c) => {
    const double = filled.some((p) => p.columns[c]!.values instanceof Float64Array);
    const values: Values = allocate(double ? 'f64' : 'f32', rows.length);
    rows.forEach(({ source, row }, at) => {
      const from = filled[source]!.columns[c]!;
      values[at] = from.values[from.rows ? from.rows[row]! : row]!;
    });
    return { group: column.group, name: column.name, values, rows: null };
  });
  return new Panel(index, columns);
}
