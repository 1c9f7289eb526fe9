import { countOf } from './values.ts';

/** Python's `str.center`: of an odd number of missing characters, one more stands left where the width is odd. */
export function center(text: string, width: number, fill = ' '): string {
  const missing = Math.max(0, width - [...text].length);
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

/** Without these characters at its ends; without white space where none are given. */
export function trimmed(
  text: string,
  characters: string | undefined,
  sides: 'both' | 'left' | 'right' = 'both',
): string {
  if (characters === undefined)
    return sides === 'left' ? text.trimStart() : sides === 'right' ? text.trimEnd() : text.trim();
  const all = [...text];
  const set = new Set(characters);
  let [from, to] = [0, all.length];
  if (sides !== 'right') while (from < to && set.has(all[from]!)) from++;
  if (sides !== 'left') while (to > from && set.has(all[to - 1]!)) to--;
  return all.slice(from, to).join('');
}

export const capitalized = (text: string): string => {
  const [first = '', ...rest] = text;
  return first.toUpperCase() + rest.join('').toLowerCase();
};

/** Jinja's `title`: each word that follows white space, `-` or an opening bracket. */
export const titled = (text: string): string =>
  text
    .split(/([-\s({[<]+)/)
    .map(capitalized)
    .join('');

/** Lines without their ends, as Python's `splitlines`. */
export function linesOf(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those that Python takes for ends of lines
  const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Python's `str.replace`; a negative count means all. */
export function replaced(text: string, from: string, to: string, count = -1): string {
  if (count < 0) {
    countOf(BigInt(text.length + (text.split(from).length - 1) * to.length), 'a text', 1_000_000);
    return text.replaceAll(from, () => to);
  }
  let result = text;
  let at = 0;
  for (let i = 0; i < count; i++) {
    const found = result.indexOf(from, at);
    if (found < 0 || (from === '' && at > result.length)) break;
    result = result.slice(0, found) + to + result.slice(found + from.length);
    at = found + to.length + (from === '' ? 1 : 0);
    countOf(BigInt(result.length), 'a text', 1_000_000);
  }
  return result;
}
