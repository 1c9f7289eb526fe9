import { engine } from './jinja.ts';
import { PlacedError, type SourceText } from './places.ts';
import { tagsOf } from './template-tags.ts';

/** What stands around a statement that is read by itself. */
const frames: Readonly<Record<string, readonly [string, string]>> = {
  if: ['', '{% endif %}'],
  for: ['', '{% endfor %}'],
  macro: ['', '{% endmacro %}'],
  call: ['', '{% endcall %}'],
  filter: ['', '{% endfilter %}'],
  elif: ['{% if true %}', '{% endif %}'],
};

/** How the engine calls what it has found. */
const signs: Readonly<Record<string, string>> = {
  CloseExpression: '}}',
  CloseStatement: '%}',
  CloseParen: ')',
  CloseSquareBracket: ']',
  CloseCurlyBracket: '}',
  OpenParen: '(',
  Comma: ',',
  Colon: ':',
  Dot: '.',
  Pipe: '|',
  Equals: '=',
};

/** The first tag that cannot be read by itself, as an error with its place; undefined where each can. The engine knows no places. */
export function brokenTag(source: SourceText): PlacedError | undefined {
  for (const { open, start, body } of tagsOf(source)) {
    const problem = open === '{#' ? undefined : problemOf(open, body);
    if (problem !== undefined)
      return new PlacedError(source.place(start), `template: ${problem}`, {
        hint: 'a value, an operator, a comma or a bracket is missing or one too many',
      });
  }
  return undefined;
}

function problemOf(open: string, body: string): string | undefined {
  const name = /^[\s+-]*(\w*)/.exec(body)?.[1] ?? '';
  const [before, after] = (open === '{%' && frames[name]) || ['', ''];
  if (open === '{%' && (/^(?:end\w+|else)$/.test(name) || (name === 'set' && !body.includes('='))))
    return undefined;
  const tag = `${open}${body}${open === '{%' ? '%}' : '}}'}`;
  try {
    engine.parse(engine.tokenize(before + tag + after));
    return undefined;
  } catch (error) {
    // too deep for the engine: that is told otherwise
    if (error instanceof RangeError) return undefined;
    const said = error instanceof Error ? error.message : String(error);
    const sign = signs[/(?:token: |\. )(\w+)(?: !==|$)/.exec(said)?.[1] ?? ''];
    return `${tag.length > 100 ? `${tag.slice(0, 97)}...` : tag} cannot be read${sign === undefined ? '' : `: unexpected "${sign}"`}`;
  }
}
