import { expressionError } from './expression-error.ts';

export interface Token {
  readonly type: 'field' | 'pit' | 'name' | 'int' | 'float' | 'text' | 'sign' | 'end';
  /** Name of a field, spelling of a sign, value of a text, digits of a number. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Letters, digits, `_` and the Chinese punctuation that qlib allows in field names. */
const word = '[\\p{L}\\p{N}\\p{M}_]';
const fieldWord = '[\\p{L}\\p{N}\\p{M}_\u3001\uff1a\uff08\uff09]';
const patterns: readonly (readonly [Token['type'] | 'blank', RegExp])[] = [
  ['blank', /[ \t\r\n\f]+/uy],
  ['pit', new RegExp(`\\$\\$(${fieldWord}+)`, 'uy')],
  ['field', new RegExp(`\\$(${fieldWord}+)`, 'uy')],
  ['float', /(?:\d[\d_]*\.[\d_]*|\.\d[\d_]*|\d[\d_]*(?=[eE][+-]?\d))(?:[eE][+-]?\d[\d_]*)?/uy],
  ['int', /0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|\d[\d_]*/uy],
  ['name', new RegExp(`(?!\\p{N})${word}+`, 'uy')],
  ['text', /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/uy],
  ['sign', /\*\*|\/\/|<<|>>|<=|>=|==|!=|[-+*/%@<>=&|^~()[\]{},.:;]/uy],
];

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** Splits an expression into Python's tokens and qlib's `$field`, `$$field`. @throws UserError at a character that begins none */
export function tokens(source: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const start = at;
    for (const [type, pattern] of patterns) {
      pattern.lastIndex = at;
      const match = pattern.exec(source);
      if (!match) continue;
      at = pattern.lastIndex;
      if (type !== 'blank') found.push({ type, text: spelling(type, match), from: start, to: at });
      break;
    }
    if (at === start) throw unreadable(source, at);
    const last = found.at(-1);
    const number = last && (last.type === 'int' || last.type === 'float') && last.to === at;
    if (number && new RegExp(word, 'u').test(source[at] ?? ''))
      throw expressionError(source, at, `"${source.slice(start, at + 1)}" is no number`);
  }
  found.push({ type: 'end', text: '', from: source.trimEnd().length, to: source.length });
  return found;
}

function spelling(type: Token['type'], match: RegExpExecArray): string {
  if (type === 'field' || type === 'pit') return match[1]!;
  if (type === 'int' || type === 'float') return match[0].replaceAll('_', '');
  if (type === 'text')
    return match[0].slice(1, -1).replace(/\\(.)/gs, (whole, c: string) => escapes[c] ?? whole);
  return match[0];
}

function unreadable(source: string, at: number) {
  const c = source[at]!;
  if (c === '$') return expressionError(source, at, 'a field name must follow "$"', 'such as $close');
  if (c === "'" || c === '"') return expressionError(source, at, `this ${c} is never closed`);
  return expressionError(source, at, `unexpected character ${JSON.stringify(c)}`);
}
