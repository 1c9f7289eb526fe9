import { TemplateFailure } from './failure.ts';
import type { Token } from './lexer.ts';
import type { Arguments, Expression, FilterCall, Parameter, Target } from './syntax.ts';

const constants: Readonly<Record<string, boolean | null>> = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
};
const comparisons = ['==', '!=', '<', '<=', '>', '>='];
const maxDepth = 200;

/** Reads the tokens of one tag by the grammar of Jinja2. Filters and tests are asked for by `known`, which throws for unknown names. */
export class ExpressionParser {
  #next = 0;
  #depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly known: (kind: 'filter' | 'test', name: string, at: number) => void,
  ) {}

  get token(): Token {
    return this.tokens[this.#next]!;
  }

  get isAtEnd(): boolean {
    return this.token.kind === 'end';
  }

  is(text: string): boolean {
    return (this.token.kind === 'operator' || this.token.kind === 'name') && this.token.text === text;
  }

  skip(text: string): boolean {
    if (!this.is(text)) return false;
    this.#next++;
    return true;
  }

  expect(text: string): void {
    if (!this.skip(text)) throw this.unexpected();
  }

  expectName(): string {
    const { kind, text } = this.token;
    if (kind !== 'name') throw this.unexpected();
    this.#next++;
    return text;
  }

  expectEnd(): void {
    if (!this.isAtEnd) throw this.unexpected();
  }

  unexpected(): TemplateFailure {
    const { kind, text, at } = this.token;
    return new TemplateFailure(
      `unexpected ${kind === 'string' ? 'string' : `"${text.replace(/^[-+](?=[%}])/, '')}"`}`,
      undefined,
      at,
    );
  }

  /** An expression, or several with commas between them as a tuple. */
  tuple({
    isConditional = true,
    ends = [],
  }: {
    isConditional?: boolean;
    ends?: readonly string[];
  } = {}): Expression {
    return this.#tuple(() => (isConditional ? this.expression() : this.#or()), ends, false);
  }

  #tuple(read: () => Expression, ends: readonly string[], mayBeEmpty: boolean): Expression {
    const { at } = this.token;
    const items: Expression[] = [];
    let isTuple = false;
    for (;;) {
      if (this.isAtEnd || this.is(')') || ends.some((end) => this.is(end))) break;
      items.push(read());
      if (!this.skip(',')) break;
      isTuple = true;
    }
    if (!isTuple && items.length > 0) return items[0]!;
    if (!isTuple && !mayBeEmpty) throw this.unexpected();
    return { type: 'tuple', items, at };
  }

  expression(): Expression {
    if (++this.#depth > maxDepth)
      throw new TemplateFailure(
        'too deeply nested or too large',
        `the limit is ${maxDepth} levels`,
        this.token.at,
      );
    let value = this.#or();
    while (this.skip('if')) {
      const test = this.#or();
      const otherwise = this.skip('else') ? this.expression() : undefined;
      value = { type: 'condition', test, chosen: value, otherwise, at: value.at };
    }
    this.#depth--;
    return value;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.skip('or')) left = { type: 'logical', operator: 'or', left, right: this.#and(), at: left.at };
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.skip('and'))
      left = { type: 'logical', operator: 'and', left, right: this.#not(), at: left.at };
    return left;
  }

  #not(): Expression {
    const { at } = this.token;
    let count = 0;
    while (this.skip('not')) count++;
    let value = this.#comparison();
    for (; count > 0; count--) value = { type: 'unary', operator: 'not', of: value, at };
    return value;
  }

  #comparison(): Expression {
    const first = this.#sum();
    const others: [string, Expression][] = [];
    for (;;) {
      const operator = this.#comparisonOperator();
      if (operator === undefined) break;
      others.push([operator, this.#sum()]);
    }
    return others.length === 0 ? first : { type: 'comparison', first, others, at: first.at };
  }

  #comparisonOperator(): string | undefined {
    const { kind, text } = this.token;
    if (kind === 'operator' && comparisons.includes(text)) {
      this.#next++;
      return text;
    }
    if (this.skip('in')) return 'in';
    const after = this.tokens[this.#next + 1];
    if (!this.is('not') || after?.kind !== 'name' || after.text !== 'in') return undefined;
    this.#next += 2;
    return 'not in';
  }

  #sum(): Expression {
    return this.#binary(['+', '-'], () => this.#concatenation());
  }

  #concatenation(): Expression {
    const parts = [this.#product()];
    while (this.skip('~')) parts.push(this.#product());
    return parts.length === 1 ? parts[0]! : { type: 'concatenation', parts, at: parts[0]!.at };
  }

  #product(): Expression {
    return this.#binary(['*', '/', '//', '%'], () => this.#binary(['**'], () => this.#unary(true)));
  }

  #binary(operators: readonly string[], read: () => Expression): Expression {
    let left = read();
    for (;;) {
      const { kind, text } = this.token;
      if (kind !== 'operator' || !operators.includes(text)) return left;
      this.#next++;
      left = { type: 'binary', operator: text, left, right: read(), at: left.at };
    }
  }

  #unary(hasFilters: boolean): Expression {
    const { at, text, kind } = this.token;
    let value: Expression;
    if (kind === 'operator' && (text === '-' || text === '+')) {
      if (++this.#depth > maxDepth)
        throw new TemplateFailure('too deeply nested or too large', undefined, at);
      this.#next++;
      value = { type: 'unary', operator: text, of: this.#unary(false), at };
      this.#depth--;
    } else value = this.#postfix(this.#primary());
    return hasFilters ? this.#filters(value) : value;
  }

  #primary(): Expression {
    const { kind, text, at } = this.token;
    this.#next++;
    if (kind === 'name')
      return Object.hasOwn(constants, text)
        ? { type: 'constant', value: constants[text]!, at }
        : { type: 'name', name: text, at };
    if (kind === 'integer') return { type: 'constant', value: BigInt(text), at };
    if (kind === 'float') return { type: 'constant', value: Number(text), at };
    if (kind === 'string') {
      let value = text;
      for (; this.token.kind === 'string'; this.#next++) value += this.token.text;
      return { type: 'constant', value, at };
    }
    if (kind === 'operator' && text === '(') {
      const value = this.#tuple(() => this.expression(), [], true);
      this.expect(')');
      return value;
    }
    if (kind === 'operator' && text === '[')
      return { type: 'list', items: this.#until(']', () => this.expression()), at };
    if (kind === 'operator' && text === '{')
      return {
        type: 'dict',
        items: this.#until('}', () => {
          const key = this.expression();
          this.expect(':');
          return [key, this.expression()] as const;
        }),
        at,
      };
    this.#next--;
    throw this.unexpected();
  }

  /** What stands between commas up to a closing bracket. */
  #until<T>(close: string, read: () => T): T[] {
    const items: T[] = [];
    while (!this.skip(close)) {
      if (items.length > 0) {
        this.expect(',');
        if (this.skip(close)) break;
      }
      items.push(read());
    }
    return items;
  }

  #postfix(start: Expression): Expression {
    let value = start;
    for (;;) {
      const { at } = this.token;
      if (this.skip('.')) {
        const { kind, text } = this.token;
        if (kind !== 'name' && kind !== 'integer') throw this.unexpected();
        this.#next++;
        value =
          kind === 'name'
            ? { type: 'attribute', of: value, name: text, at }
            : { type: 'item', of: value, key: { type: 'constant', value: BigInt(text), at }, at };
      } else if (this.skip('[')) value = this.#subscript(value, at);
      else if (this.is('(')) value = { type: 'call', of: value, args: this.#arguments(), at: value.at };
      else return value;
    }
  }

  #subscript(of: Expression, at: number): Expression {
    const bounds: (Expression | undefined)[] = [undefined];
    while (!this.is(']')) {
      if (this.skip(':')) bounds.push(undefined);
      else if (bounds.at(-1) === undefined) bounds[bounds.length - 1] = this.expression();
      else throw this.unexpected();
    }
    const [key] = bounds;
    if (bounds.length > 3 || (bounds.length === 1 && key === undefined)) throw this.unexpected();
    this.expect(']');
    return bounds.length === 1 ? { type: 'item', of, key: key!, at } : { type: 'slice', of, bounds, at };
  }

  #filters(start: Expression): Expression {
    let value = start;
    for (;;) {
      if (this.is('|')) value = { type: 'filter', of: value, ...this.filter() };
      else if (this.skip('is')) value = this.#test(value);
      else if (this.is('(')) value = { type: 'call', of: value, args: this.#arguments(), at: value.at };
      else return value;
    }
  }

  /** `| name(...)`; the sign may be missing at the start of a filter block. */
  filter(): FilterCall {
    this.skip('|');
    const { at } = this.token;
    const name = this.#dottedName();
    this.known('filter', name, at);
    return { name, args: this.is('(') ? this.#arguments() : none, at };
  }

  #dottedName(): string {
    let name = this.expectName();
    while (this.skip('.')) name += `.${this.expectName()}`;
    return name;
  }

  #test(of: Expression): Expression {
    const isNegated = this.skip('not');
    const { at } = this.token;
    const name = this.#dottedName();
    this.known('test', name, at);
    let args = none;
    if (this.is('(')) args = this.#arguments();
    else {
      const { kind, text } = this.token;
      const isValue =
        (kind === 'name' && !['else', 'or', 'and', 'is', 'if'].includes(text)) ||
        ['string', 'integer', 'float'].includes(kind) ||
        (kind === 'operator' && (text === '[' || text === '{'));
      if (isValue) args = { positional: [this.#postfix(this.#primary())], named: [] };
    }
    const test: Expression = { type: 'test', of, name, args, at };
    return isNegated ? { type: 'unary', operator: 'not', of: test, at } : test;
  }

  #arguments(): Arguments {
    this.expect('(');
    const positional: Expression[] = [];
    const named: [string, Expression][] = [];
    let spread: Expression | undefined;
    let namedSpread: Expression | undefined;
    this.#until(')', () => {
      const after = this.tokens[this.#next + 1];
      if (this.skip('**')) namedSpread = this.expression();
      else if (this.skip('*')) spread = this.expression();
      else if (this.token.kind === 'name' && after?.kind === 'operator' && after.text === '=') {
        const name = this.expectName();
        this.expect('=');
        named.push([name, this.expression()]);
      } else if (named.length > 0 || namedSpread !== undefined) throw this.unexpected();
      else positional.push(this.expression());
    });
    return { positional, named, spread, namedSpread };
  }

  /** What stands before `=` or `in`. */
  target(end: '=' | 'in', mayBeAttribute = false): Target {
    const { at } = this.token;
    const items: Target[] = [];
    let isTuple = false;
    for (;;) {
      if (this.isAtEnd || this.is(end) || this.is(')')) break;
      items.push(this.#oneTarget(mayBeAttribute));
      if (!this.skip(',')) break;
      isTuple = true;
    }
    if (items.length === 0) throw this.unexpected();
    return isTuple ? { type: 'tuple', items, at } : items[0]!;
  }

  #oneTarget(mayBeAttribute: boolean): Target {
    const { at } = this.token;
    if (this.skip('(')) {
      const inner = this.target('=');
      this.expect(')');
      return inner;
    }
    if (this.token.kind === 'name' && Object.hasOwn(constants, this.token.text)) throw this.unexpected();
    const name = this.expectName();
    return mayBeAttribute && this.skip('.')
      ? { type: 'attribute', name, attribute: this.expectName(), at }
      : { type: 'name', name, at };
  }

  /** `(a, b=2)` of a macro. */
  parameters(): Parameter[] {
    this.expect('(');
    return this.#until(')', () => ({
      name: this.expectName(),
      value: this.skip('=') ? this.expression() : undefined,
    }));
  }
}

const none: Arguments = { positional: [], named: [] };
