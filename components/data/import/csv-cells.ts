import { pandasFloat } from './parse-float.ts';

const quote = 34;

/** Where a cell ends: at its delimiter, its line feed, or the carriage return before that; quotes may hide delimiters. */
export function cellEnd(bytes: Uint8Array, start: number, delimiter: number): number {
  let p = start;
  if (bytes[p] === quote) {
    for (p++; bytes[p] !== 10; p++)
      if (bytes[p] === quote) {
        if (bytes[p + 1] !== quote) break;
        p++;
      }
    if (bytes[p] === quote) p++;
  }
  while (bytes[p] !== delimiter && bytes[p] !== 10 && !(bytes[p] === 13 && bytes[p + 1] === 10)) p++;
  return p;
}

const decoder = new TextDecoder();

/** The text of a cell, without blanks around it and quotes. */
export function cellText(bytes: Uint8Array, start: number, end: number): string {
  return unquoted(decoder.decode(bytes.subarray(start, end)));
}

function unquoted(cell: string): string {
  const text = cell.trim();
  return text.length > 1 && text.startsWith('"') && text.endsWith('"')
    ? text.slice(1, -1).replaceAll('""', '"').trim()
    : text;
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A number as pandas reads it, NaN for an empty cell or `nan`, undefined for anything else. */
export function parseNumber(text: string): number | undefined {
  if (text === '' || /^(?:nan|null|none)$/i.test(text)) return Number.NaN;
  return decimal.test(text) ? pandasFloat(text) : undefined;
}

/** Cells of a header, and the character between them: the given one, or whichever of comma, semicolon and tab there is most of. */
export function splitHeader(header: string, given: string | null): { delimiter: string; cells: string[] } {
  const count = (c: string) => header.split(c).length;
  const delimiter = given ?? [',', ';', '\t'].reduce((best, c) => (count(c) > count(best) ? c : best));
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (const c of header) {
    if (c === '"') isQuoted = !isQuoted;
    if (c === delimiter && !isQuoted) {
      cells.push(unquoted(cell));
      cell = '';
    } else cell += c;
  }
  return { delimiter, cells: [...cells, unquoted(cell)] };
}
