import { nearest, unknownName } from '../../../components/core/nearest.ts';
import { TemplateFailure } from './failure.ts';
import { filterNames } from './filters.ts';
import { type Piece, piecesOf } from './lexer.ts';
import { ExpressionParser } from './parse-expression.ts';
import type { Body, Expression, FilterCall, Statement } from './syntax.ts';
import { testNames } from './tests.ts';

/** Block statements by what ends them. */
const blocks: Readonly<Record<string, string>> = {
  if: 'endif',
  for: 'endfor',
  set: 'endset',
  with: 'endwith',
  macro: 'endmacro',
  call: 'endcall',
  filter: 'endfilter',
  block: 'endblock',
};
const inner: Readonly<Record<string, readonly string[]>> = { elif: ['if'], else: ['if', 'for'] };
const refused: Readonly<Record<string, string>> = {
  include: 'a template cannot include files',
  import: 'a template cannot import files',
  from: 'a template cannot import files',
  extends: 'a template cannot extend files (use BASE_CONFIG_PATH)',
  autoescape: 'a workflow is no HTML',
};

interface Open {
  readonly name: string;
  readonly at: number;
}

/** Reads a template. @throws TemplateFailure with the place of the mistake */
export function parseTemplate(source: string): Body {
  return new Parser(source).body();
}

class Parser {
  readonly #pieces: readonly Piece[];
  readonly #open: Open[] = [];
  #next = 0;

  constructor(private readonly source: string) {
    this.#pieces = piecesOf(source);
  }

  body(): Body {
    const statements = this.#until([]);
    return statements.body;
  }

  /** Statements up to a tag of one of these names, whose parser stands behind the name. */
  #until(ends: readonly string[]): { body: Body; end: string; parser: ExpressionParser } {
    const body: Statement[] = [];
    for (;;) {
      const piece = this.#pieces[this.#next++];
      if (!piece) {
        const open = this.#open.at(-1);
        if (open)
          throw new TemplateFailure(
            `the block "${open.name}" is not closed`,
            `{% ${blocks[open.name]} %} is missing`,
            open.at,
          );
        return { body, end: '', parser: new ExpressionParser([], checkName) };
      }
      if (piece.kind === 'text') {
        body.push({ type: 'text', text: piece.text, at: piece.at });
        continue;
      }
      const parser = new ExpressionParser(piece.tokens, checkName);
      if (piece.kind === 'print') {
        body.push({
          type: 'print',
          value: this.#read(piece, () => ended(parser, parser.tuple())),
          at: piece.at,
        });
        continue;
      }
      const { kind, text: name } = parser.token;
      if (kind !== 'name')
        throw new TemplateFailure(`a statement needs a name: ${this.#shown(piece)}`, undefined, piece.at);
      if (ends.includes(name)) {
        parser.expectName();
        return { body, end: name, parser };
      }
      this.#checkStatement(name, piece.at);
      parser.expectName();
      body.push(this.#statement(name, parser, piece));
    }
  }

  #checkStatement(name: string, at: number): void {
    const hint = Object.hasOwn(refused, name) ? refused[name] : undefined;
    if (hint !== undefined) throw new TemplateFailure(`"${name}" is not allowed`, hint, at);
    const open = this.#open.at(-1);
    if (Object.hasOwn(inner, name))
      throw new TemplateFailure(`"${name}" outside of ${inner[name]!.join(' or ')}`, undefined, at);
    if (Object.hasOwn(blocks, name)) return;
    if (/^end[a-z]/.test(name)) {
      if (!open) throw new TemplateFailure(`"${name}" without a block that it ends`, undefined, at);
      const line = this.source.slice(0, open.at).split('\n').length;
      throw new TemplateFailure(
        `unexpected "${name}"`,
        `the block "${open.name}" of line ${line} is still open`,
        at,
      );
    }
    const unknown = unknownName('statement', name, [...Object.keys(blocks), ...Object.keys(inner), 'raw']);
    throw new TemplateFailure(unknown.problem, unknown.hint, at);
  }

  #statement(name: string, parser: ExpressionParser, piece: Piece): Statement {
    const { at } = piece;
    const head = <T>(read: () => T) => this.#read(piece, () => ended(parser, read()));
    switch (name) {
      case 'if':
        return this.#if(
          head(() => parser.tuple({ isConditional: false })),
          at,
        );
      case 'for':
        return this.#for(parser, piece);
      case 'set':
        return this.#set(parser, piece);
      case 'with': {
        const values = head(() => {
          const all: Extract<Statement, { type: 'with' }>['values'][number][] = [];
          while (!parser.isAtEnd) {
            if (all.length > 0) parser.expect(',');
            const target = parser.target('=');
            parser.expect('=');
            all.push([target, parser.expression()]);
          }
          return all;
        });
        return { type: 'with', values, body: this.#block(name, at), at };
      }
      case 'macro': {
        const [macro, parameters] = head(() => [parser.expectName(), parser.parameters()] as const);
        return { type: 'macro', name: macro, parameters, body: this.#block(name, at), at };
      }
      case 'call': {
        const [parameters, call] = head(() => {
          const list = parser.is('(') ? parser.parameters() : [];
          const value: Expression = parser.expression();
          if (value.type !== 'call')
            throw new TemplateFailure('"call" needs a call of a macro', undefined, at);
          return [list, value] as const;
        });
        return { type: 'call', call, parameters, body: this.#block(name, at), at };
      }
      case 'filter':
        return {
          type: 'filterBlock',
          filters: head(() => filtersOf(parser)),
          body: this.#block(name, at),
          at,
        };
      default:
        // a block of a template that nothing extends
        head(() => [parser.expectName(), parser.skip('scoped'), parser.skip('required')]);
        return { type: 'with', values: [], body: this.#block(name, at), at };
    }
  }

  #block(name: string, at: number): Body {
    this.#open.push({ name, at });
    const { body, parser } = this.#until([blocks[name]!]);
    this.#open.pop();
    if (name === 'macro' || name === 'block') if (!parser.isAtEnd) parser.expectName();
    parser.expectEnd();
    return body;
  }

  #if(first: Expression, at: number): Statement {
    this.#open.push({ name: 'if', at });
    const branches: (readonly [Expression, Body])[] = [];
    let test = first;
    for (;;) {
      const { body, end, parser } = this.#until(['elif', 'else', 'endif']);
      branches.push([test, body]);
      const piece = this.#pieces[this.#next - 1]!;
      if (end === 'elif') {
        test = this.#read(piece, () => ended(parser, parser.tuple({ isConditional: false })));
        continue;
      }
      this.#read(piece, () => parser.expectEnd());
      const otherwise = end === 'else' ? this.#until(['endif']).body : [];
      this.#open.pop();
      return { type: 'if', branches, otherwise, at };
    }
  }

  #for(parser: ExpressionParser, piece: Piece): Statement {
    const { at } = piece;
    const head = this.#read(piece, () => {
      const target = parser.target('in');
      parser.expect('in');
      const of = parser.tuple({ isConditional: false, ends: ['recursive'] });
      const test = parser.skip('if') ? parser.expression() : undefined;
      return ended(parser, { target, of, test, isRecursive: parser.skip('recursive') });
    });
    this.#open.push({ name: 'for', at });
    const { body, end } = this.#until(['endfor', 'else']);
    const otherwise = end === 'else' ? this.#until(['endfor']).body : [];
    this.#open.pop();
    return { type: 'for', ...head, body, otherwise, at };
  }

  #set(parser: ExpressionParser, piece: Piece): Statement {
    const { at } = piece;
    const target = this.#read(piece, () => parser.target('=', true));
    if (parser.skip('='))
      return { type: 'set', target, value: this.#read(piece, () => ended(parser, parser.tuple())), at };
    const filters = this.#read(piece, () => ended(parser, parser.is('|') ? filtersOf(parser) : []));
    return { type: 'setBlock', target, filters, body: this.#block('set', at), at };
  }

  /** Mistakes of form are told at the start of the tag, with its text. */
  #read<T>(piece: Piece, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof TemplateFailure) || !error.message.startsWith('unexpected ')) throw error;
      throw new TemplateFailure(
        `${this.#shown(piece)} cannot be read: ${error.message}`,
        'a value, an operator, a comma or a bracket is missing or one too many',
        piece.at,
      );
    }
  }

  #shown(piece: Piece): string {
    const text = this.source.slice(piece.at, piece.kind === 'text' ? piece.at : piece.end);
    return text.length > 100 ? `${text.slice(0, 97)}...` : text;
  }
}

function ended<T>(parser: ExpressionParser, value: T): T {
  parser.expectEnd();
  return value;
}

function filtersOf(parser: ExpressionParser): FilterCall[] {
  const filters = [parser.filter()];
  while (parser.is('|')) filters.push(parser.filter());
  return filters;
}

function checkName(kind: 'filter' | 'test', name: string, at: number): void {
  const known = kind === 'filter' ? filterNames : testNames;
  if (known.includes(name)) return;
  const near = nearest(name, known);
  throw new TemplateFailure(
    `unknown ${kind} "${name.slice(0, 100)}"`,
    `${near ? `did you mean "${near}"? ` : ''}allowed: ${known.join(', ')}`,
    at,
  );
}
