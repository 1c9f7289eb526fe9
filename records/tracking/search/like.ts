/**
 * SQL's LIKE: `%` is any text, `_` one character (code point), the rest stands for itself; the whole text must match. No escapes.
 * Looks back to the last `%` only, so that time is at most pattern times text, whoever wrote the pattern.
 */
export function likePattern(pattern: string, ignoreCase: boolean): { test(text: string): boolean } {
  const wanted = ignoreCase ? pattern.toLowerCase() : pattern;
  return { test: (text) => matches(wanted, ignoreCase ? text.toLowerCase() : text) };
}

function matches(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  /** Behind the last `%`, and the place in the text up to which it reaches. */
  let anyAt = -1;
  let reached = 0;
  while (t < text.length) {
    const c = pattern[p];
    if (c === '%') {
      anyAt = ++p;
      reached = t;
    } else if (c === '_') {
      p++;
      t += lengthAt(text, t);
    } else if (c !== undefined && c === text[t]) {
      p++;
      t++;
    } else if (anyAt >= 0) {
      p = anyAt;
      reached += lengthAt(text, reached);
      t = reached;
    } else return false;
  }
  while (pattern[p] === '%') p++;
  return p === pattern.length;
}

const lengthAt = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
