import { readFileSync } from 'node:fs';
import { UserError } from '../../core/errors.ts';

/** The two files of one instrument's point-in-time field. */
export interface PitFiles {
  readonly data: string;
  readonly index: string;
}

/**
 * One instrument's point-in-time field, as qlib's `dump_pit.py` writes it: records (date of publication as 20190425, period as 201901 or 2019, value) in the
 * order of their dates. Revisions of a period are a linked list: `first[k]` is the first record of the k-th period from the first quarter of
 * `firstYear` on, `next[r]` the record that replaces r; -1 ends both.
 */
export interface PitField {
  readonly isQuarterly: boolean;
  readonly firstYear: number;
  readonly dates: Uint32Array;
  readonly periods: Uint32Array;
  readonly values: Float64Array;
  readonly next: Int32Array;
  readonly first: Int32Array;
}

/** Bytes of a record: date, period, value, place of the next revision. */
export const recordBytes = 20;
/** The place that is none. */
export const noPlace = 0xffffffff;
const firstPossibleYear = 1900;
const lastPossibleYear = 2099;

/** Place of a period in the index: quarters or years from the first one of `firstYear` on. */
export function periodOffset(firstYear: number, period: number, isQuarterly: boolean): number {
  return isQuarterly ? (Math.floor(period / 100) - firstYear) * 4 + (period % 100) - 1 : period - firstYear;
}

/** Whether a number names a quarter, 201901 to 201904, or a year, 1900 to 2099. */
export function isPeriod(period: number, isQuarterly: boolean): boolean {
  const year = isQuarterly ? Math.floor(period / 100) : period;
  const quarter = isQuarterly ? period % 100 : 1;
  return year >= firstPossibleYear && year <= lastPossibleYear && quarter >= 1 && quarter <= 4;
}

/** Reads and checks both files. `what` names instrument and field in messages. @throws UserError for broken files */
export function readPitField({ data, index }: PitFiles, what: string, isQuarterly: boolean): PitField {
  const records = bytesOf(data);
  const places = bytesOf(index);
  const broken = (file: string, problem: string) =>
    new UserError(`${what}: ${file} ${problem}`, {
      hint: 'qrun data import --pit or dump_pit.py of qlib writes point-in-time data',
    });
  if (records.byteLength % recordBytes !== 0)
    throw broken(data, `has ${records.byteLength} bytes, which is no multiple of ${recordBytes}: truncated?`);
  if (places.byteLength < 4 || places.byteLength % 4 !== 0)
    throw broken(
      index,
      `has ${places.byteLength} bytes; it holds a year and places, 4 bytes each: truncated?`,
    );
  const firstYear = places.getUint32(0, true);
  if (firstYear < firstPossibleYear || firstYear > lastPossibleYear)
    throw broken(index, `begins with the year ${firstYear}`);
  const count = records.byteLength / recordBytes;
  const place = (value: number, file: string): number => {
    if (value === noPlace) return -1;
    if (value % recordBytes !== 0 || value >= records.byteLength)
      throw broken(file, `points to byte ${value}, where no record of ${count} begins`);
    return value / recordBytes;
  };
  const field = {
    ...{ isQuarterly, firstYear },
    dates: new Uint32Array(count),
    periods: new Uint32Array(count),
    values: new Float64Array(count),
    next: new Int32Array(count),
    first: Int32Array.from({ length: places.byteLength / 4 - 1 }, (_, k) =>
      place(places.getUint32(4 * (k + 1), true), index),
    ),
  };
  for (let r = 0; r < count; r++) {
    const at = recordBytes * r;
    field.dates[r] = records.getUint32(at, true);
    field.periods[r] = records.getUint32(at + 4, true);
    field.values[r] = records.getFloat64(at + 8, true);
    field.next[r] = place(records.getUint32(at + 16, true), data);
    if (r > 0 && field.dates[r]! < field.dates[r - 1]!)
      throw broken(data, `has the date ${field.dates[r]} behind ${field.dates[r - 1]}: records go by date`);
    const period = field.periods[r]!;
    if (!isPeriod(period, isQuarterly))
      throw broken(data, `has the period ${period}, which is no ${isQuarterly ? 'quarter' : 'year'}`);
    const offset = periodOffset(firstYear, period, isQuarterly);
    if (offset < 0 || offset >= field.first.length)
      throw broken(index, `has no place for the period ${period} that is in the data`);
    if (field.next[r]! >= 0 && field.next[r]! <= r)
      throw broken(data, `has a revision of record ${r} in front of it`);
  }
  return field;
}

function bytesOf(file: string): DataView {
  const bytes = readFileSync(file);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** What was known of a period at the end of a day, 20190425: NaN where nothing was. */
export function valueKnownAt(
  { first, next, dates, values, firstYear, isQuarterly }: PitField,
  period: number,
  date: number,
): number {
  let value = Number.NaN;
  let record = first[periodOffset(firstYear, period, isQuarterly)] ?? -1;
  for (; record >= 0 && dates[record]! <= date; record = next[record]!) value = values[record]!;
  return value;
}
