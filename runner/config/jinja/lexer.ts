import { TemplateFailure } from './failure.ts';

export interface Token {
  readonly kind: 'name' | 'string' | 'integer' | 'float' | 'operator' | 'end';
  /** The text of a name or an operator, the value of a string, the digits of a number, the sign that ends a tag. */
  readonly text: string;
  readonly at: number;
}

/** A piece of a template: text, or a tag with its tokens, the last of which is of kind `end`. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly at: number }
  | {
      readonly kind: 'print' | 'statement';
      readonly tokens: readonly Token[];
      readonly at: number;
      readonly end: number;
    };

const blank = /\s*/y;
const raw = /\{%[-+]?\s*raw\s*(-?)%\}/y;
const endRaw = /\{%([-+]?)\s*endraw\s*(-?)%\}/g;
const token =
  /(?<float>(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?[eE][+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+))|(?<integer>0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*)|(?<name>[\p{L}_][\p{L}\p{N}_]*)|(?<string>'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")|(?<operator>\*\*|\/\/|==|!=|>=|<=|[-+/*%~[\](){}<>=.:|,;])/uy;
const closers = { '{{': '}}', '{%': '%}' } as const;
/** Of brackets within each other. */
const maxDepth = 200;
const brackets: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/**
 * Cuts a template into text and tags as Jinja2 does by default: `-` at a tag's edge takes the white space beside it, the last line break of the
 * file is dropped, `raw` blocks are text.
 * @throws TemplateFailure
 */
export function piecesOf(source: string): Piece[] {
  const text = source.endsWith('\n') ? source.slice(0, -1) : source;
  const pieces: Piece[] = [];
  let at = 0;
  const addText = (from: number, to: number, isStripped: boolean) => {
    const content = isStripped ? text.slice(from, to).trimEnd() : text.slice(from, to);
    if (content !== '') pieces.push({ kind: 'text', text: content, at: from });
  };
  const afterBlank = (from: number) => from + (matchAt(blank, text, from)?.[0].length ?? 0);
  const opener = /\{[{%#]/g;
  for (let found = opener.exec(text); found; found = matchAt(opener, text, at)) {
    const start = found.index;
    const open = found[0];
    addText(at, start, text[start + 2] === '-');
    const rawTag = open === '{%' ? matchAt(raw, text, start) : null;
    if (rawTag) {
      const from = start + rawTag[0].length;
      const end = matchAt(endRaw, text, from);
      if (!end) throw new TemplateFailure('the block "raw" is not closed', '{% endraw %} is missing', start);
      addText(rawTag[1] === '-' ? Math.min(afterBlank(from), end.index) : from, end.index, end[1] === '-');
      at = end.index + end[0].length;
      if (end[2] === '-') at = afterBlank(at);
    } else if (open === '{#') {
      const end = text.indexOf('#}', start + 2);
      if (end < 0) throw new TemplateFailure('"{#" is not closed', '"#}" is missing', start);
      at = end + 2;
      if (text[end - 1] === '-' && end > start + 2) at = afterBlank(at);
    } else {
      const tokens = tokensOf(text, start, open === '{{' ? '{{' : '{%');
      const last = tokens.at(-1)!;
      at = last.at + last.text.length;
      pieces.push({ kind: open === '{{' ? 'print' : 'statement', tokens, at: start, end: at });
      if (last.text.startsWith('-')) at = afterBlank(at);
    }
  }
  addText(at, text.length, false);
  return pieces;
}

/** The tokens of the tag that opens at `start`. */
function tokensOf(text: string, start: number, open: '{{' | '{%'): Token[] {
  const close = closers[open];
  const tokens: Token[] = [];
  const stack: string[] = [];
  let at = start + 2;
  if (text[at] === '-' || (open === '{%' && text[at] === '+')) at++;
  for (;;) {
    at += matchAt(blank, text, at)?.[0].length ?? 0;
    if (at >= text.length)
      throw new TemplateFailure(`"${open}" is not closed`, `"${close}" is missing`, start);
    if (stack.length === 0)
      for (const end of [close, `-${close}`, ...(open === '{%' ? [`+${close}`] : [])])
        if (text.startsWith(end, at)) {
          tokens.push({ kind: 'end', text: end, at });
          return tokens;
        }
    const groups = matchAt(token, text, at)?.groups;
    if (!groups) throw notClosed(text, at, start, open);
    const { float, integer, name, string, operator } = groups;
    const found = (float ?? integer ?? name ?? string ?? operator)!;
    if (operator !== undefined) {
      if (/[([{]/.test(operator)) stack.push(operator);
      else if (brackets[operator] !== undefined && stack.pop() !== brackets[operator]) {
        const isEnd = text.startsWith(close, at) || text.startsWith(close, at - 1);
        throw unreadable(text, start, open, isEnd ? close : operator);
      }
      if (stack.length > maxDepth)
        throw new TemplateFailure('too deeply nested or too large', undefined, start);
    }
    if (string !== undefined) tokens.push({ kind: 'string', text: unescaped(string.slice(1, -1)), at });
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: found, at });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name.normalize('NFKC'), at });
    else
      tokens.push({ kind: float === undefined ? 'integer' : 'float', text: found.replaceAll('_', ''), at });
    at += found.length;
  }
}

/** A tag as it stands in the file, cut where it is long. */
function shown(text: string, start: number, close: string): string {
  const end = text.indexOf(close, start);
  const tag = text.slice(start, end < 0 ? text.length : end + 2);
  return tag.length > 100 ? `${tag.slice(0, 97)}...` : tag;
}

function notClosed(text: string, at: number, start: number, open: '{{' | '{%'): TemplateFailure {
  const close = closers[open];
  if (/['"]/.test(text[at]!)) {
    const quote = text[at]!;
    return new TemplateFailure(`a string of the tag is not closed`, `${quote} is missing`, at);
  }
  if (!text.slice(at).includes(close))
    return new TemplateFailure(`"${open}" is not closed`, `"${close}" is missing`, start);
  return unreadable(text, start, open, String.fromCodePoint(text.codePointAt(at)!));
}

function unreadable(text: string, start: number, open: '{{' | '{%', sign: string): TemplateFailure {
  return new TemplateFailure(
    `${shown(text, start, closers[open])} cannot be read: unexpected "${sign}"`,
    'a value, an operator, a comma or a bracket is missing or one too many',
    start,
  );
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  "'": "'",
  '"': '"',
  '\\': '\\',
  '\n': '',
};

/** A string with Python's escapes; an unknown one stays as it is. */
function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (all, x?: string, u?: string, long?: string, octal?: string, other?: string) => {
      const hex = x ?? u ?? long;
      if (hex !== undefined) {
        const code = Number.parseInt(hex, 16);
        return code > 0x10_ffff ? all : String.fromCodePoint(code);
      }
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      return escapes[other!] ?? all;
    },
  );
}
