import type { YAMLException } from 'js-yaml';
import { PlacedError, type SourceText } from './places.ts';

/** What to do about js-yaml's messages, by a part of them. */
const hints: readonly (readonly [part: string, hint: string])[] = [
  ['tab characters', 'indent with spaces'],
  ['bad indentation', 'keys of one mapping begin in the same column; text with ": " in it needs quotes'],
  ['quoted scalar', 'a closing quote is missing'],
  ['deficient indentation', 'a quote or bracket that is opened above is not closed'],
  ['maxDepth', 'lists and mappings are nested too deeply'],
  ['flow collection', 'a closing bracket or a comma is missing'],
  ['multiline key', 'a colon may be missing in the line above'],
  ["expected ':'", 'every line of a mapping is written key: value'],
  ['a whitespace character is expected after the key-value separator', 'write a space after the colon'],
  ['end of the stream or a document separator', 'the indentation of this line fits no line above'],
];

/** The user's words for a syntax error of js-yaml, with the place in the file. */
export function explainSyntax(error: YAMLException, source: SourceText): PlacedError {
  const offset = error.mark?.position ?? 0;
  const odd = oddCharacter(source.text, offset);
  if (odd) return new PlacedError(source.place(odd.at), `invalid YAML: ${odd.problem}`, { hint: odd.hint });
  const tab = tabNear(source.text, offset);
  const reason = tab === undefined ? error.reason : 'tab characters must not be used in indentation';
  const hint = hints.find(([part]) => reason.includes(part))?.[1];
  return new PlacedError(
    source.place(tab ?? offset),
    `invalid YAML: ${reason}`,
    hint === undefined ? {} : { hint },
  );
}

/** What js-yaml's own words do not lead to: characters that begin no value, and spaces that are none. */
function oddCharacter(
  text: string,
  offset: number,
): { at: number; problem: string; hint: string } | undefined {
  const at = text[offset] ?? '';
  if ('@`%'.includes(at) && at !== '')
    return { at: offset, problem: `a value cannot begin with ${at}`, hint: 'put the value in quotes' };
  for (const start of lineStarts(text, offset)) {
    const [indent = '', space] =
      /^[ \t]*([\u00a0\u2000-\u200b\u202f\u3000])/.exec(text.slice(start, start + 200)) ?? [];
    if (space === undefined) continue;
    const code = space.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return {
      at: start + indent.length - 1,
      problem: `the character U+${code} stands in the indentation`,
      hint: 'it looks like a space and is none: indent with plain spaces',
    };
  }
  return undefined;
}

/** Where the line with the error and the one before it begin. */
function lineStarts(text: string, offset: number): number[] {
  const start = text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  return [start, text.lastIndexOf('\n', start - 2) + 1];
}

/** Offset of a tab in the indentation of the line with the error or of the one before it. */
function tabNear(text: string, offset: number): number | undefined {
  for (const start of lineStarts(text, offset)) {
    const indent = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
    const tab = indent.indexOf('\t');
    if (tab >= 0) return start + tab;
  }
  return undefined;
}
