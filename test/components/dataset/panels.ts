import { dayMs } from '../../../components/core/dates.ts';
import { allocate, denseColumn, denseValues, Panel, PanelIndex } from '../../../components/core/panel.ts';

export const firstDay = Date.UTC(2020, 0, 1);

/** Every instrument on every day: columns by label (`feature.A`), values in the order of the rows (day by day). */
export function panelOf(
  days: number,
  instruments: readonly string[],
  columns: Readonly<Record<string, readonly number[]>>,
  type: 'f32' | 'f64' = 'f64',
): Panel {
  const n = days * instruments.length;
  const index = new PanelIndex(
    Float64Array.from({ length: days }, (_, t) => firstDay + t * dayMs),
    Int32Array.from({ length: days + 1 }, (_, t) => t * instruments.length),
    instruments,
    Int32Array.from({ length: n }, (_, row) => row % instruments.length),
  );
  return new Panel(
    index,
    Object.entries(columns).map(([label, numbers]) => {
      const [group, name] = label.includes('.') ? label.split('.') : [null, label];
      const values = allocate(type, n);
      values.set(numbers);
      return denseColumn(group!, name!, values);
    }),
  );
}

/** Visible values of the column with that label. */
export function valuesOf(panel: Panel, label: string): number[] {
  const column = panel.columns.find((c) => (c.group === null ? c.name : `${c.group}.${c.name}`) === label);
  if (!column) throw new Error(`no column ${label}`);
  return Array.from(denseValues(column));
}
