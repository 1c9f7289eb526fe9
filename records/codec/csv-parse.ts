import { UserError } from '../../components/core/errors.ts';

export interface Grid {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Splits CSV text into cells (RFC 4180: quotes, doubled quotes, line breaks inside quotes, LF or CRLF). */
export function parseCsv(text: string): Grid {
  const lines: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell: string;
    if (text[at] === '"') {
      const end = closingQuote(text, at);
      cell = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    } else {
      let end = at;
      while (end < text.length && text[end] !== ',' && text[end] !== '\n') end++;
      cell = text.slice(at, text[end - 1] === '\r' && text[end] !== ',' ? end - 1 : end);
      at = end;
    }
    row.push(cell);
    if (text[at] === '\r') at++;
    if (text[at] === ',') {
      at++;
      if (at === text.length || text[at] === '\n' || text[at] === '\r') row.push('');
      if (at < text.length && text[at] !== '\n' && text[at] !== '\r') continue;
      if (text[at] === '\r') at++;
    }
    at++;
    lines.push(row);
    row = [];
  }
  const [header, ...rows] = lines;
  if (!header) throw new UserError('the CSV file is empty');
  const wrong = rows.findIndex((r) => r.length !== header.length);
  if (wrong >= 0)
    throw new UserError(
      `line ${wrong + 2} of the CSV file has ${rows[wrong]!.length} cells, the header ${header.length}`,
    );
  return { header, rows };
}

function closingQuote(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] !== '"') continue;
    if (text[at + 1] !== '"') return at;
    at++;
  }
  throw new UserError('a quoted cell of the CSV file has no end');
}
