import { heatCell, table } from '../chart/tables.ts';
import type { Content, Html } from '../html.ts';
import { byMonth } from '../series.ts';

const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A table of years by months with a column for the whole year. */
export function monthTable(options: {
  readonly title: string;
  readonly note?: Content;
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly gather: (values: readonly number[]) => number;
  /** Value at which a cell has its full colour. */
  readonly full: number;
  readonly format: (value: number) => string;
}): Html {
  const { title, note, times, values, gather, full, format } = options;
  const years = byMonth(times, values);
  const cell = (values: readonly number[], limit: number) => {
    const value = values.length > 0 ? gather(values) : Number.NaN;
    return heatCell(value, limit, values.length > 0 ? format(value) : '');
  };
  return table({
    title,
    note,
    head: ['', ...names, 'year'],
    rows: [...years].map(([year, months]) => [
      String(year),
      ...months.map((month) => cell(month, full)),
      cell(months.flat(), full * 3),
    ]),
  });
}
