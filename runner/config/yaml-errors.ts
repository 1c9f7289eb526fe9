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
  const tab = tabNear(source.text, offset);
  const reason = tab === undefined ? error.reason : 'tab characters must not be used in indentation';
  const hint = hints.find(([part]) => reason.includes(part))?.[1];
  return new PlacedError(
    source.place(tab ?? offset),
    `invalid YAML: ${reason}`,
    hint === undefined ? {} : { hint },
  );
}

/** Offset of a tab in the indentation of the line with the error or of the one before it. */
function tabNear(text: string, offset: number): number | undefined {
  const lineStart = text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  const starts = [lineStart, text.lastIndexOf('\n', lineStart - 2) + 1];
  for (const start of starts) {
    const indent = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
    const tab = indent.indexOf('\t');
    if (tab >= 0) return start + tab;
  }
  return undefined;
}
