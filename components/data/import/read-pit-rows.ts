import { UserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { isPeriod } from '../point-in-time/pit-field.ts';
import type { PitRecord } from '../point-in-time/write-pit.ts';
import { byteChunks } from './byte-chunks.ts';
import { parseCellTime } from './cell-time.ts';
import { cellEnd, cellText, parseNumber, splitHeader } from './csv-cells.ts';
import { checkedInstrument, instrumentOfFile } from './instrument-name.ts';
import { symbolNames } from './options.ts';

export interface PitReadOptions {
  readonly isQuarterly: boolean;
  /** New names of columns by old name, in lower case. */
  readonly renamed: Readonly<Record<string, string>>;
  readonly delimiter: string | null;
}

/** Records of an instrument by field, in the order of the file. */
export type PitRows = Map<string, Map<string, PitRecord[]>>;

const columnNames = ['date', 'period', 'field', 'value'] as const;

/**
 * Rows `date, period, value, field` of a CSV file, as the collectors of qlib write them: the day of publication, the quarter (201901) or year (2019), the value, which may be
 * empty, and the name of the field. The instrument is a column `symbol` or the file's name. Values are rounded to float32, as by `dump_pit.py`.
 * @throws UserError naming file and line
 */
export async function readPitRows(file: string, options: PitReadOptions, rows: PitRows): Promise<void> {
  const bytes = await wholeFile(file);
  const end = bytes.length;
  let line = 1;
  const fail = (problem: string, hint?: string) => new UserError(`${file}:${line}: ${problem}`, { hint });
  let p = bytes.indexOf(10) + 1;
  const header = new TextDecoder().decode(bytes.subarray(0, p)).trim();
  if (header === '') throw new UserError(`${file} is empty: it has no header`);
  const { delimiter, cells } = splitHeader(header, options.delimiter);
  const places = placesOf(cells, options, file);
  const own = places.symbol < 0 ? checkedInstrument(instrumentOfFile(file), file) : '';
  for (; p < end; p++) {
    line++;
    const texts: string[] = [];
    for (;;) {
      const to = cellEnd(bytes, p, delimiter.charCodeAt(0));
      texts.push(cellText(bytes, p, to));
      p = to;
      if (bytes[p] === 13) p++;
      if (bytes[p] === 10) break;
      p++;
    }
    if (texts.length === 1 && texts[0] === '') continue;
    if (texts.length !== cells.length)
      throw fail(`${texts.length} columns, but the header has ${cells.length}`);
    const date = dateOf(texts[places.date]!);
    if (date === undefined) throw fail(`"${texts[places.date]}" is no day`, 'such as 2019-04-25');
    const period = Number(texts[places.period]);
    if (!isPeriod(period, options.isQuarterly) || !Number.isInteger(period))
      throw fail(
        `"${texts[places.period]}" is no ${options.isQuarterly ? 'quarter' : 'year'}`,
        options.isQuarterly
          ? 'such as 201901, the first quarter of 2019; --freq annual imports years'
          : 'such as 2019; --freq quarterly imports quarters',
      );
    const value = parseNumber(texts[places.value]!);
    if (value === undefined) throw fail(`"${texts[places.value]}" is no number`);
    const field = texts[places.field]!.toLowerCase();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in a name
    if (field === '' || /[\u0000-\u001f/\\:*?"<>|]/.test(field)) throw fail(`"${field}" cannot name a field`);
    const instrument = places.symbol < 0 ? own : checkedInstrument(texts[places.symbol]!, `${file}:${line}`);
    const fields = rows.get(instrument) ?? new Map<string, PitRecord[]>();
    rows.set(instrument, fields);
    const records = fields.get(field) ?? [];
    fields.set(field, records);
    records.push({ date, period, value: Math.fround(value) });
  }
}

async function wholeFile(file: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of byteChunks(file)) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat([...chunks, Buffer.of(10)]);
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function placesOf(cells: readonly string[], { renamed }: PitReadOptions, file: string) {
  const names = cells.map((cell) => {
    const name = cell.trim().toLowerCase();
    return Object.hasOwn(renamed, name) ? renamed[name]! : name;
  });
  const [date, period, field, value] = columnNames.map((name) => {
    const place = names.indexOf(name);
    if (place >= 0) return place;
    const near = nearest(name, names);
    throw new UserError(`${file}:1: no column "${name}"`, {
      hint: `${near ? `did you mean "${near}"? ` : ''}the header has ${names.join(', ').slice(0, 500)}; --map OLD=${name} names another`,
    });
  }) as [number, number, number, number];
  return { date, period, field, value, symbol: names.findIndex((name) => symbolNames.includes(name)) };
}

/** `2019-04-25` and `20190425` as 20190425. */
function dateOf(text: string): number | undefined {
  const plain = text.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  const time = parseCellTime(plain);
  return time === undefined
    ? undefined
    : Number(new Date(time).toISOString().slice(0, 10).replaceAll('-', ''));
}
