import { nearest } from '../../core/nearest.ts';
import { bindArguments } from './arguments.ts';
import { foldConstants } from './constants.ts';
import { expressionError } from './expression-error.ts';
import { type Token, tokens } from './lex.ts';
import { ArgumentProblem, type Operator } from './operator.ts';
import { builtinOperators } from './ops/index.ts';
import type { PythonValue } from './python-value.ts';
import type { Literal, Place, Tree } from './tree.ts';

export type Operators = ReadonlyMap<string, Operator>;

/** Python's binary operators, loosest first, with what they make of expressions; '' where qlib's expressions have none. */
const levels: readonly Readonly<Record<string, string>>[] = [
  { '|': 'Or' },
  { '^': '' },
  { '&': 'And' },
  { '<<': '', '>>': '' },
  { '+': 'Add', '-': 'Sub' },
  { '*': 'Mul', '/': 'Div', '//': '', '%': '', '@': '' },
];
const comparisons: Readonly<Record<string, string>> = {
  '<': 'Lt',
  '<=': 'Le',
  '>': 'Gt',
  '>=': 'Ge',
  '==': 'Eq',
  '!=': 'Ne',
};
const mirrored: Readonly<Record<string, string>> = {
  Lt: 'Gt',
  Gt: 'Lt',
  Le: 'Ge',
  Ge: 'Le',
  Eq: 'Eq',
  Ne: 'Ne',
  Mul: 'Mul',
};
const longest = 20_000;
const deepestBrackets = 100;
const deepestTree = 400;

/**
 * Parses an expression of qlib, `Ref($close, 1) / $close - 1`, with Python's grammar and precedence; nothing is ever evaluated as code.
 * Constants are folded as Python would. A chain `a < b < c` keeps its last comparison, as in qlib.
 * @throws UserError that points at the character at fault
 */
export function parseExpression(text: string, operators: Operators = builtinOperators): Tree {
  return new Parser(text, operators).whole();
}

class Parser {
  readonly #tokens: Token[];
  #at = 0;
  #brackets = 0;
  readonly #depths = new WeakMap<Tree, number>();

  constructor(
    readonly text: string,
    readonly operators: Operators,
  ) {
    if (text.length > longest)
      throw expressionError(text, longest, `too long: more than ${longest} characters`);
    this.#tokens = tokens(text);
  }

  whole(): Tree {
    if (this.#atEnd()) throw this.#error('an expression is empty', 'such as $close / Ref($close, 1) - 1');
    const tree = this.#comparison();
    if (!this.#atEnd()) throw this.#unexpected();
    if (tree.kind === 'literal')
      throw expressionError(
        this.text,
        tree.at.from,
        'an expression must read a field such as $close, this is a constant',
      );
    return tree;
  }

  get #next(): Token {
    return this.#tokens[this.#at]!;
  }

  #atEnd(): boolean {
    return this.#next.type === 'end';
  }

  #take(): Token {
    return this.#tokens[this.#at++]!;
  }

  #is(sign: string): boolean {
    return this.#next.type === 'sign' && this.#next.text === sign;
  }

  #comparison(): Tree {
    let left = this.#binary(0);
    let whole: Tree | undefined;
    for (;;) {
      const name = this.#next.type === 'sign' ? comparisons[this.#next.text] : undefined;
      if (!name) break;
      const sign = this.#take();
      const right = this.#binary(0);
      whole = this.#combine(name, sign, left, right);
      left = right;
    }
    this.#refuseWords();
    return whole ?? left;
  }

  #refuseWords(): void {
    const hints: Readonly<Record<string, string>> = {
      and: 'write (a) & (b) or And(a, b)',
      or: 'write (a) | (b) or Or(a, b)',
      not: 'write Not(a)',
      if: 'write If(condition, a, b)',
      else: 'write If(condition, a, b)',
      in: 'compare with == or <',
      is: 'compare with ==',
    };
    const { type, text } = this.#next;
    if (type === 'name' && Object.hasOwn(hints, text))
      throw this.#error(`"${text}" does not work on expressions`, hints[text]);
  }

  #binary(level: number): Tree {
    const signs = levels[level];
    if (!signs) return this.#unary();
    let left = this.#binary(level + 1);
    while (this.#next.type === 'sign' && Object.hasOwn(signs, this.#next.text)) {
      const sign = this.#take();
      left = this.#combine(signs[sign.text]!, sign, left, this.#binary(level + 1));
    }
    return left;
  }

  #unary(): Tree {
    if (!(this.#is('-') || this.#is('+') || this.#is('~'))) {
      this.#refuseWords();
      return this.#power();
    }
    const sign = this.#take();
    this.#enter(sign);
    const inner = this.#unary();
    this.#brackets--;
    if (inner.kind === 'literal') return this.#folded(`unary ${sign.text}`, sign, [inner]);
    throw expressionError(
      this.text,
      sign.from,
      `"${sign.text}" before an expression does not exist in qlib`,
      sign.text === '-'
        ? 'write 0 - x or -1 * x'
        : sign.text === '~'
          ? 'write Not(x)'
          : `leave the "${sign.text}" out`,
    );
  }

  #power(): Tree {
    const base = this.#postfix();
    if (!this.#is('**')) return base;
    const sign = this.#take();
    this.#enter(sign);
    const exponent = this.#unary();
    this.#brackets--;
    return this.#combine('Power', sign, base, exponent);
  }

  #postfix(): Tree {
    const atom = this.#atom();
    if (this.#is('.')) throw this.#error('an expression has no attributes');
    if (this.#is('['))
      throw this.#error('an expression has no elements', 'Ref(x, 1) is the value of the day before');
    if (this.#is('(')) throw this.#error('only an operator can be called');
    return atom;
  }

  #atom(): Tree {
    const token = this.#take();
    const at: Place = { from: token.from, to: token.to };
    switch (token.type) {
      case 'field':
      case 'pit':
        return { kind: 'field', name: token.text, pit: token.type === 'pit', at };
      case 'int':
        return { kind: 'literal', value: { type: 'int', value: this.#integer(token) }, at };
      case 'float':
        return { kind: 'literal', value: { type: 'float', value: Number(token.text) }, at };
      case 'text':
        return { kind: 'literal', value: { type: 'text', value: token.text }, at };
      case 'name':
        return this.#is('(') ? this.#call(token) : this.#word(token);
    }
    if (token.type === 'sign' && token.text === '(') {
      this.#enter(token);
      const inner = this.#comparison();
      this.#close(token);
      return inner;
    }
    this.#at--;
    throw this.#unexpected();
  }

  #integer(token: Token): number {
    const value = Number(token.text);
    if (/^0\d*[1-9]/.test(token.text))
      throw expressionError(this.text, token.from, 'an integer has no leading zeros in Python');
    if (!Number.isSafeInteger(value))
      throw expressionError(this.text, token.from, `the integer ${token.text} is too large`);
    return value;
  }

  #word(token: Token): Tree {
    const at: Place = { from: token.from, to: token.to };
    const constants: Readonly<Record<string, PythonValue>> = {
      True: { type: 'bool', value: true },
      False: { type: 'bool', value: false },
      None: { type: 'none' },
    };
    const value = Object.hasOwn(constants, token.text) ? constants[token.text] : undefined;
    if (value) return { kind: 'literal', value, at };
    const hint = this.operators.has(token.text)
      ? `an operator needs its arguments: ${token.text}(...)`
      : `fields begin with "$": $${token.text}`;
    throw expressionError(this.text, token.from, `unknown name "${token.text}"`, hint);
  }

  #call(name: Token): Tree {
    const operator = this.operators.get(name.text);
    if (!operator) {
      const near = nearest(name.text, this.operators.keys());
      const all = [...this.operators.keys()].sort().join(', ');
      throw expressionError(
        this.text,
        name.from,
        `unknown operator "${name.text}"`,
        `${near ? `did you mean ${near}? ` : ''}allowed: ${all}`,
      );
    }
    const open = this.#take();
    this.#enter(open);
    const given: { name: Token | undefined; tree: Tree }[] = [];
    while (!this.#is(')')) {
      const following = this.#tokens[this.#at + 1];
      const keyword =
        this.#next.type === 'name' && following?.type === 'sign' && following.text === '='
          ? this.#take()
          : undefined;
      if (keyword) this.#take();
      given.push({ name: keyword, tree: this.#comparison() });
      if (!this.#is(',')) break;
      this.#take();
    }
    this.#close(open);
    return this.#made(operator, bindArguments(this.text, operator, name, given), {
      from: name.from,
      to: this.#tokens[this.#at - 1]!.to,
    });
  }

  #enter(token: Token): void {
    if (++this.#brackets > deepestBrackets)
      throw expressionError(
        this.text,
        token.from,
        `more than ${deepestBrackets} brackets or signs inside each other`,
      );
  }

  #close(open: Token): void {
    if (this.#next.type === 'end')
      throw expressionError(this.text, open.from, 'the parenthesis "(" is never closed');
    if (!this.#is(')')) throw this.#unexpected();
    this.#take();
    this.#brackets--;
  }

  #combine(name: string, sign: Token, left: Tree, right: Tree): Tree {
    if (left.kind === 'literal' && right.kind === 'literal')
      return this.#folded(sign.text, sign, [left, right]);
    // signs mean the built-in operators, also where a user's own has taken the name (qlib)
    const operator = builtinOperators.get(name);
    if (!operator) throw expressionError(this.text, sign.from, `"${sign.text}" does not work on expressions`);
    const at: Place = { from: left.at.from, to: right.at.to };
    // Python asks the expression on the right when a number stands on the left: 2 * $close is Mul($close, 2).
    const swapped =
      left.kind === 'literal' && Object.hasOwn(mirrored, name)
        ? builtinOperators.get(mirrored[name]!)
        : undefined;
    return swapped
      ? this.#made(swapped, [right, left], at, sign)
      : this.#made(operator, [left, right], at, sign);
  }

  #folded(operation: string, sign: Token, values: readonly Literal[]): Tree {
    const value = foldConstants(
      operation,
      values.map((v) => v.value),
    );
    if (typeof value === 'string') throw expressionError(this.text, sign.from, value);
    return {
      kind: 'literal',
      value,
      at: { from: Math.min(sign.from, values[0]!.at.from), to: values.at(-1)!.at.to },
    };
  }

  /** Checks kinds and values of the arguments and the depth of the tree. */
  #made(operator: Operator, args: readonly Tree[], at: Place, sign?: Token): Tree {
    const place = (index: number) => args[index]?.at.from ?? sign?.from ?? at.from;
    try {
      checkKinds(operator, args);
      operator.check?.(args);
    } catch (error) {
      if (error instanceof ArgumentProblem)
        throw expressionError(this.text, place(error.index), error.problem, error.hint);
      throw error;
    }
    const depth = 1 + Math.max(0, ...args.map((a) => this.#depths.get(a) ?? 0));
    if (depth > deepestTree)
      throw expressionError(
        this.text,
        sign?.from ?? at.from,
        `more than ${deepestTree} operators inside each other`,
      );
    if (operator.name === 'Feature' || operator.name === 'PFeature') return fieldOf(operator, args, at);
    const tree: Tree = { kind: 'call', operator, args, at };
    this.#depths.set(tree, depth);
    return tree;
  }

  #unexpected() {
    const { type, text } = this.#next;
    if (type === 'end') return this.#error('the expression ends too early');
    if (text === '=') return this.#error('"=" is no comparison', 'write ==');
    return this.#error(`unexpected ${JSON.stringify(this.text.slice(this.#next.from, this.#next.to))}`);
  }

  #error(problem: string, hint?: string) {
    return expressionError(this.text, this.#next.from, problem, hint);
  }
}

function checkKinds(operator: Operator, args: readonly Tree[]): void {
  let series = 0;
  operator.parameters.forEach(({ name, kind }, i) => {
    const arg = args[i]!;
    if (arg.kind !== 'literal') {
      if (kind === 'value')
        throw new ArgumentProblem(i, `${name} of ${operator.name} must be a constant, not an expression`);
      series++;
      return;
    }
    if (kind === 'series')
      throw new ArgumentProblem(
        i,
        `${name} of ${operator.name} must be an expression such as $close, not a constant`,
      );
    if (kind === 'operand' && (arg.value.type === 'text' || arg.value.type === 'none'))
      throw new ArgumentProblem(i, `${name} of ${operator.name} must be an expression or a number`);
  });
  if (series === 0 && operator.parameters.some((p) => p.kind === 'operand'))
    throw new ArgumentProblem(0, `one argument of ${operator.name} must be an expression such as $close`);
}

/** `Feature('close')` is `$close`; without a name it is `$Feature`. */
function fieldOf(operator: Operator, args: readonly Tree[], at: Place): Tree {
  const arg = args[0];
  const name =
    arg?.kind === 'literal' && arg.value.type === 'text' && arg.value.value ? arg.value.value : operator.name;
  return { kind: 'field', name, pit: operator.name === 'PFeature', at };
}
