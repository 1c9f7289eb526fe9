/**
 * All combinations of overrides whose values are lists over commas (`a=1,2 b=x`), the first changing slowest: Hydra's `--multirun`.
 * Commas within brackets, braces and quotes belong to the value.
 */
export function overrideProduct(words: readonly string[]): string[][] {
  return words.reduce<string[][]>(
    (combinations, word) => combinations.flatMap((done) => alternatives(word).map((one) => [...done, one])),
    [[]],
  );
}

function alternatives(word: string): string[] {
  const equals = word.indexOf('=');
  if (equals < 0) return [word];
  const head = word.slice(0, equals + 1);
  return splitCommas(word.slice(equals + 1)).map((value) => head + value);
}

/** Parts between commas that stand outside of brackets and quotes. */
export function splitCommas(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote !== '') {
      if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if ('[{('.includes(c)) depth++;
    else if (']})'.includes(c)) depth--;
    else if (c === ',' && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return [...parts, text.slice(from)];
}
