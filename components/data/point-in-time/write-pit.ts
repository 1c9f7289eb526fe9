import { noPlace, periodOffset, recordBytes } from './pit-field.ts';

/** A value of a period, 201901 or 2019, published on a day, 20190425. */
export interface PitRecord {
  readonly date: number;
  readonly period: number;
  readonly value: number;
}

/**
 * The two files of a field, in the layout of qlib's `dump_pit.py`: records in the order given, which is that of their dates, each with the place of the
 * record that revises it; and the place of the first record of each period of the years that have any.
 */
export function pitBytes(
  records: readonly PitRecord[],
  isQuarterly: boolean,
): { data: Uint8Array; index: Uint8Array } {
  const yearOf = (period: number) => (isQuarterly ? Math.floor(period / 100) : period);
  const years = records.map(({ period }) => yearOf(period));
  const firstYear = years.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const lastYear = years.reduce((a, b) => Math.max(a, b), 0);
  const places = (lastYear - firstYear + 1) * (isQuarterly ? 4 : 1);
  const index = new Uint8Array(4 * (places + 1)).fill(0xff);
  const indexView = new DataView(index.buffer);
  indexView.setUint32(0, firstYear, true);
  const data = new Uint8Array(recordBytes * records.length);
  const view = new DataView(data.buffer);
  const latest = new Map<number, number>();
  records.forEach(({ date, period, value }, r) => {
    const at = recordBytes * r;
    const before = latest.get(period);
    if (before === undefined)
      indexView.setUint32(4 * (1 + periodOffset(firstYear, period, isQuarterly)), at, true);
    else view.setUint32(before + 16, at, true);
    latest.set(period, at);
    view.setUint32(at, date, true);
    view.setUint32(at + 4, period, true);
    view.setFloat64(at + 8, value, true);
    view.setUint32(at + 16, noPlace, true);
  });
  return { data, index };
}
