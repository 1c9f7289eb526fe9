/** A cell: numbers stand right. */
export type Cell = string | number | null;

const longest = 48;

/** Columns of equal width under a header; numbers to the right, long texts cut unless `whole`. */
export function textTable(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  { whole = false }: { readonly whole?: boolean } = {},
): string {
  const texts = rows.map((row) => row.map((cell) => cellText(cell, whole)));
  const isNumeric = header.map((_, c) => rows.some((row) => typeof row[c] === 'number'));
  const widths = header.map((name, c) => Math.max(width(name), ...texts.map((row) => width(row[c] ?? ''))));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, c) => {
        const gap = ' '.repeat(widths[c]! - width(cell));
        return isNumeric[c] ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  return [header, ...texts].map((cells) => line(cells)).join('\n');
}

function cellText(cell: Cell, whole: boolean): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return numberText(cell);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a stored text must not steer the terminal
  const plain = cell.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
  return whole || plain.length <= longest ? plain : `${plain.slice(0, longest - 3)}...`;
}

/** Six digits, without an exponent where one can do without. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const size = Math.abs(value);
  return size >= 1e-4 && size < 1e9 ? Number(value.toPrecision(6)).toString() : value.toExponential(4);
}

/** Places on the terminal: East Asian letters take two. */
function width(text: string): number {
  let places = 0;
  for (const letter of text)
    places +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
        letter,
      )
        ? 2
        : 1;
  return places;
}
