import { dayMs } from '../../core/dates.ts';
import { UserError } from '../../core/errors.ts';
import { byteChunks } from './byte-chunks.ts';
import { isoDayAt, parseCellTime } from './cell-time.ts';
import { cellEnd, cellText, parseNumber, splitHeader } from './csv-cells.ts';
import { checkedInstrument, instrumentOfFile } from './instrument-name.ts';
import { type Layout, layoutOf } from './layout.ts';
import type { ReadOptions } from './options.ts';
import { mostDigits, powersOfTen } from './parse-float.ts';
import { GrowingRows } from './rows.ts';

/** Longest line that is believed to be one. */
const longestLine = 1 << 20;
const lineFeed = 10;
const carriageReturn = 13;
const notUsed = -1;
const isDate = -2;
const isSymbol = -3;

/** Rows of a CSV file, one group an instrument. A line is a row: cells hold no line ends. @throws UserError naming file, line and column */
export async function readCsv(
  file: string,
  options: ReadOptions,
): Promise<{ layout: Layout; groups: GrowingRows[] }> {
  let reader: CsvRows | undefined;
  let rest: Uint8Array = new Uint8Array(0);
  let isFirst = true;
  const take = (bytes: Uint8Array, end: number) => {
    if (reader) return reader.parse(bytes, 0, end);
    const headerEnd = bytes.indexOf(lineFeed);
    reader = new CsvRows(file, options, bytes, headerEnd);
    reader.parse(bytes, headerEnd + 1, end);
  };
  for await (const chunk of byteChunks(file)) {
    let bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    if (isFirst && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3);
    isFirst = false;
    const end = bytes.lastIndexOf(lineFeed) + 1;
    if (end > 0) take(bytes, end);
    // the chunk's storage is used again
    rest = bytes.slice(end);
    if (rest.length > longestLine)
      throw new UserError(
        `${file}:${(reader?.line ?? 0) + 1}: a line of more than ${longestLine} bytes${rest.includes(0) ? ' with NUL bytes: a binary file?' : ''}`,
      );
  }
  if (rest.length > 0) take(Buffer.concat([rest, Buffer.of(lineFeed)]), rest.length + 1);
  if (!reader) throw new UserError(`${file} is empty: it has no header`);
  return { layout: reader.layout, groups: [...reader.groups.values()] };
}

class CsvRows {
  readonly layout: Layout;
  readonly groups = new Map<string, GrowingRows>();
  /** Lines that are done. */
  line = 1;
  readonly #file: string;
  readonly #delimiter: number;
  /** What a column is for: a place among the numbers, or one of the above. */
  readonly #uses: Int32Array;
  readonly #isDaily: boolean;
  readonly #bySpelling = new Map<string, GrowingRows>();
  #spelling = '';
  #rows: GrowingRows | undefined;

  constructor(file: string, options: ReadOptions, bytes: Uint8Array, headerEnd: number) {
    this.#file = file;
    this.#isDaily = options.isDaily;
    const header = new TextDecoder().decode(bytes.subarray(0, headerEnd)).replace(/\r$/, '');
    if (header.trim() === '') throw new UserError(`${file}:1: the header is empty`);
    if (header.includes('\0')) throw new UserError(`${file}:1: NUL bytes in the header: a binary file?`);
    const { delimiter, cells } = splitHeader(header, options.delimiter);
    this.#delimiter = delimiter.charCodeAt(0);
    this.layout = layoutOf(cells, options, file);
    this.#uses = new Int32Array(cells.length).fill(notUsed);
    this.layout.read.forEach(({ column }, place) => {
      this.#uses[column] = place;
    });
    this.#uses[this.layout.date] = isDate;
    if (this.layout.symbol >= 0) this.#uses[this.layout.symbol] = isSymbol;
    else this.#rows = this.#group(checkedInstrument(instrumentOfFile(file), file), bytes.length >> 6);
  }

  #group(instrument: string, capacity: number): GrowingRows {
    let rows = this.groups.get(instrument);
    if (!rows)
      this.groups.set(
        instrument,
        (rows = new GrowingRows(instrument, this.layout.read.length, capacity + 16)),
      );
    return rows;
  }

  /** Whole lines in [from, end). */
  parse(bytes: Uint8Array, from: number, end: number): void {
    const uses = this.#uses;
    const delimiter = this.#delimiter;
    const width = uses.length;
    const values = new Float64Array(this.layout.read.length);
    let p = from;
    while (p < end) {
      this.line++;
      if (bytes[p] === lineFeed || (bytes[p] === carriageReturn && bytes[p + 1] === lineFeed)) {
        p += bytes[p] === lineFeed ? 1 : 2;
        continue;
      }
      let time = Number.NaN;
      let column = 0;
      for (; ; column++) {
        if (column === width) throw this.#ragged(bytes, p, column);
        const use = uses[column]!;
        const start = p;
        if (use >= 0) {
          // plain decimals of few digits, as `pandasFloat` has them
          let digits = 0;
          let d = 0;
          const isNegative = bytes[p] === 45;
          if (isNegative) p++;
          const first = p;
          while ((d = bytes[p]! - 48) >= 0 && d <= 9) {
            digits = digits * 10 + d;
            p++;
          }
          let scale = 0;
          let count = p - first;
          if (bytes[p] === 46) {
            const point = ++p;
            while ((d = bytes[p]! - 48) >= 0 && d <= 9) {
              digits = digits * 10 + d;
              p++;
            }
            scale = p - point;
            count += scale;
          }
          const next = bytes[p]!;
          if (
            count > 0 &&
            count <= mostDigits &&
            (next === delimiter || next === lineFeed || next === carriageReturn)
          ) {
            const value = scale > 0 ? digits / powersOfTen[scale]! : digits;
            values[use] = isNegative ? -value : value;
          } else {
            p = cellEnd(bytes, start, delimiter);
            values[use] = this.#number(cellText(bytes, start, p), column);
          }
        } else if (use === isDate) {
          const day = isoDayAt(bytes, start);
          const next = bytes[start + 10];
          if (day !== undefined && (next === delimiter || next === lineFeed || next === carriageReturn)) {
            time = day;
            p = start + 10;
          } else {
            p = cellEnd(bytes, start, delimiter);
            time = this.#time(cellText(bytes, start, p), column);
          }
        } else {
          p = cellEnd(bytes, start, delimiter);
          if (use === isSymbol) this.#select(cellText(bytes, start, p));
        }
        const stop = bytes[p];
        if (stop === delimiter) p++;
        else {
          if (stop === carriageReturn) p++;
          if (bytes[p] !== lineFeed)
            throw this.#error(
              `a stray carriage return or quote behind column "${this.layout.names[column]}"`,
            );
          p++;
          break;
        }
      }
      if (column !== width - 1) throw this.#ragged(bytes, p, column + 1);
      const rows = this.#rows!;
      rows.reserve();
      const at = rows.length++;
      rows.times[at] = time;
      rows.lines[at] = this.line;
      for (let c = 0; c < values.length; c++) rows.columns[c]![at] = values[c]!;
    }
  }

  #select(spelling: string): void {
    if (this.#rows && spelling === this.#spelling) return;
    let rows = this.#bySpelling.get(spelling);
    if (!rows) {
      const instrument = checkedInstrument(spelling, `${this.#file}:${this.line}`);
      this.#bySpelling.set(spelling, (rows = this.#group(instrument, 256)));
    }
    this.#spelling = spelling;
    this.#rows = rows;
  }

  #number(text: string, column: number): number {
    const value = parseNumber(text);
    if (value !== undefined) return value;
    const hint = text.includes('\0')
      ? 'NUL bytes: a binary file?'
      : /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/.test(text)
        ? 'numbers have no thousands separators'
        : 'an empty cell or nan is a missing value; --fields names the columns to import';
    throw this.#error(`column "${this.layout.names[column]}": "${text.slice(0, 60)}" is no number`, hint);
  }

  #time(text: string, column: number): number {
    const time = parseCellTime(text);
    if (time === undefined)
      throw this.#error(
        `column "${this.layout.names[column]}": "${text.slice(0, 60)}" is no date`,
        'such as 2020-01-31, or 2020-01-31 09:35:00',
      );
    if (this.#isDaily && time % dayMs !== 0)
      throw this.#error(
        `column "${this.layout.names[column]}": "${text.slice(0, 60)}" is a time of day in daily data`,
        '--freq 1min imports minutes',
      );
    return time;
  }

  #ragged(bytes: Uint8Array, at: number, seen: number): UserError {
    let count = seen;
    if (count === this.#uses.length)
      for (let p = at; bytes[p] !== lineFeed; p++) if (p === at || bytes[p] === this.#delimiter) count++;
    return this.#error(`${count} columns, but the header has ${this.#uses.length}`);
  }

  #error(problem: string, hint?: string): UserError {
    return new UserError(`${this.#file}:${this.line}: ${problem}`, { hint });
  }
}
