/** A rendered text, and where its lines come from. */
export interface Rendered {
  readonly text: string;
  /** The file's line of every line of `text`; undefined where they are the same. */
  readonly lines: Uint32Array | undefined;
}

/*
 * Line numbers travel through the template as runs of rare white space after each line break: white space, so that `-%}` strips
 * them with the rest. U+2000 to U+2007 are octal digits, U+2008 ends a number.
 */
const anyMark = /[\u2000-\u2008]/;
const allMarks = /[\u2000-\u2007]+\u2008/g;

/** Puts its number before each line, unless the text has such white space of its own. */
export function markLines(text: string): { text: string; isMarked: boolean } {
  if (anyMark.test(text)) return { text, isMarked: false };
  const mark = (line: number) =>
    `${[...line.toString(8)].map((d) => String.fromCharCode(0x2000 + Number(d))).join('')}\u2008`;
  const marked = text.split('\n').map((content, i) => mark(i + 1) + content);
  return { text: marked.join('\n'), isMarked: true };
}

/** The last line number among the marks of `text`. */
export function lastMark(text: string): number | undefined {
  const end = text.lastIndexOf('\u2008');
  if (end < 0) return undefined;
  let start = end;
  while (start > 0 && text.charCodeAt(start - 1) >= 0x2000 && text.charCodeAt(start - 1) <= 0x2007) start--;
  return readMark(text.slice(start, end));
}

function readMark(mark: string): number | undefined {
  const digits = [...mark].map((c) => c.charCodeAt(0) - 0x2000).join('');
  return digits === '' ? undefined : Number.parseInt(digits, 8);
}

/** Takes the numbers out of a rendered text. */
export function splitLines(text: string, isMarked: boolean): Rendered {
  if (!isMarked) return { text, lines: undefined };
  const lines = text.split('\n');
  const numbers = new Uint32Array(lines.length);
  let current = 1;
  const clean = lines.map((line, i) => {
    const first = /^[\u2000-\u2007]+/.exec(line)?.[0];
    numbers[i] = (first === undefined ? undefined : readMark(first)) ?? current;
    current = lastMark(line) ?? current;
    return line.replace(allMarks, '');
  });
  return { text: clean.join('\n'), lines: numbers };
}
