/** Helpers for columns of text, as pandas pads and joins them. */

/** Number of characters; pandas counts code points. */
export function width(text: string): number {
  let n = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) n--;
  }
  return n;
}

export function widest(texts: readonly string[]): number {
  return texts.reduce((most, t) => Math.max(most, width(t)), 0);
}

export type Justify = 'left' | 'right' | 'center';

export function justify(text: string, to: number, mode: Justify): string {
  const missing = Math.max(0, to - width(text));
  if (mode === 'left') return text + ' '.repeat(missing);
  if (mode === 'right') return ' '.repeat(missing) + text;
  // Python's str.center: the odd space goes left when the width is odd
  const left = Math.floor(missing / 2) + (missing & to & 1);
  return ' '.repeat(left) + text + ' '.repeat(missing - left);
}

/** Cuts texts at pandas' display.max_colwidth and pads them to one width. */
export function fixedWidth(texts: readonly string[], mode: Justify, least = 0): string[] {
  const longest = 50;
  const to = Math.min(Math.max(widest(texts), least), longest);
  return texts.map((t) => justify(width(t) > to ? `${[...t].slice(0, to - 3).join('')}...` : t, to, mode));
}

/** Lines made of columns, each padded to its widest text plus `space`; the last one to its widest text. */
export function adjoin(space: number, columns: readonly (readonly string[])[]): string[] {
  const height = Math.max(0, ...columns.map((c) => c.length));
  const padded = columns.map((column, k) => {
    const to = widest(column) + (k < columns.length - 1 ? space : 0);
    return Array.from({ length: height }, (_, r) => justify(column[r] ?? '', to, 'left'));
  });
  return Array.from({ length: height }, (_, r) => padded.map((c) => c[r]!).join(''));
}
