import { bind } from './arguments.ts';
import { Budget } from './budget.ts';
import { Evaluator, globals } from './evaluate.ts';
import { TemplateFailure } from './failure.ts';
import { applyFilter } from './filters.ts';
import { Output, type Rendered } from './output.ts';
import { parseTemplate } from './parse.ts';
import { Scope } from './scope.ts';
import type { Body, FilterCall, Parameter, Statement, Target } from './syntax.ts';
import { Callable, isTrue, itemsOf, Namespace, Tuple, textOf, Undefined, type Value } from './values.ts';

/**
 * Renders a template of Jinja2 with its default settings. `find` gives the values of variables that the template does not set.
 * @throws TemplateFailure with the offset of the mistake
 */
export function renderJinja(
  source: string,
  find: (name: string) => string | undefined,
  lineOf: (offset: number) => number,
): Rendered {
  const output = new Output();
  new Renderer(lineOf).body(parseTemplate(source), new Scope(new Outside(find)), output);
  return output.rendered();
}

/** Variables from outside, then what Jinja2 has by itself. */
class Outside extends Scope {
  constructor(private readonly variable: (name: string) => string | undefined) {
    super();
  }

  override find(name: string): Value | undefined {
    const value = this.variable(name);
    if (value !== undefined) return value;
    if (name === 'namespace')
      return new Callable((args, named) => new Namespace(new Map([...asDict(args), ...named])));
    const call = Object.hasOwn(globals, name) ? globals[name] : undefined;
    return call && new Callable(call);
  }
}

const asDict = (args: readonly Value[]) =>
  args.flatMap((arg) =>
    arg instanceof Map ? [...arg].map(([key, value]) => [textOf(key), value] as const) : [],
  );

class Renderer {
  readonly #budget = new Budget();
  readonly #evaluator = new Evaluator(this.#budget);

  constructor(private readonly lineOf: (offset: number) => number) {}

  body(body: Body, scope: Scope, output: Output): void {
    for (const statement of body)
      try {
        this.#budget.step();
        this.#budget.deeper(() => this.#statement(statement, scope, output));
      } catch (error) {
        if (error instanceof TemplateFailure) error.at ??= statement.at;
        throw error;
      }
  }

  /** What a body makes, as a text by itself. */
  #textOf(body: Body, scope: Scope): string {
    const output = new Output();
    this.body(body, scope, output);
    return output.text;
  }

  #write(text: string, at: number, output: Output): void {
    this.#budget.written(text);
    output.value(text, this.lineOf(at));
  }

  #statement(statement: Statement, scope: Scope, output: Output): void {
    const { at } = statement;
    switch (statement.type) {
      case 'text':
        this.#budget.written(statement.text);
        output.source(statement.text, this.lineOf(at));
        break;
      case 'print':
        this.#write(textOf(this.#evaluator.value(statement.value, scope)), at, output);
        break;
      case 'if': {
        const [, body = statement.otherwise] =
          statement.branches.find(([test]) => isTrue(this.#evaluator.value(test, scope))) ?? [];
        this.body(body, scope, output);
        break;
      }
      case 'for':
        this.#loop(statement, this.#evaluator.value(statement.of, scope), scope, output, 0);
        break;
      case 'set':
        this.#assign(statement.target, this.#evaluator.value(statement.value, scope), scope);
        break;
      case 'setBlock': {
        const text = this.#textOf(statement.body, new Scope(scope));
        this.#assign(statement.target, this.#filtered(text, statement.filters, scope), scope);
        break;
      }
      case 'with': {
        const inner = new Scope(scope);
        // each value knows nothing of the names beside it
        const values = statement.values.map(([, value]) => this.#evaluator.value(value, scope));
        for (const [i, [target]] of statement.values.entries()) this.#assign(target, values[i]!, inner);
        this.body(statement.body, inner, output);
        break;
      }
      case 'macro':
        scope.set(
          statement.name,
          this.#macro(`macro ${statement.name}`, statement.parameters, statement.body, scope),
        );
        break;
      case 'call': {
        const caller = this.#macro('caller', statement.parameters, statement.body, scope);
        const { call } = statement;
        if (call.type !== 'call') break;
        const called = this.#evaluator.present(call.of, scope);
        if (!(called instanceof Callable)) throw new TemplateFailure('"call" needs a macro');
        const [args, named] = this.#evaluator.arguments(call.args, scope);
        this.#write(textOf(called.call(args, new Map([...named, ['caller', caller]]))), at, output);
        break;
      }
      case 'filterBlock': {
        const text = this.#textOf(statement.body, new Scope(scope));
        this.#write(textOf(this.#filtered(text, statement.filters, scope)), at, output);
        break;
      }
    }
  }

  #filtered(text: string, filters: readonly FilterCall[], scope: Scope): Value {
    return filters.reduce<Value>(
      (value, { name, args }) => applyFilter(name, value, ...this.#evaluator.arguments(args, scope)),
      text,
    );
  }

  #assign(target: Target, value: Value, scope: Scope): void {
    if (target.type === 'name') {
      scope.set(target.name, value);
      return;
    }
    if (target.type === 'attribute') {
      const of = scope.find(target.name);
      if (!(of instanceof Namespace))
        throw new TemplateFailure(
          `only attributes of a namespace can be set`,
          `{% set ${target.name} = namespace() %}`,
          target.at,
        );
      of.attributes.set(target.attribute, value);
      return;
    }
    const items = itemsOf(value);
    if (items.length !== target.items.length)
      throw new TemplateFailure(
        `${target.items.length} names for ${items.length} values`,
        undefined,
        target.at,
      );
    for (const [i, one] of target.items.entries()) this.#assign(one, items[i]!, scope);
  }

  #loop(
    statement: Extract<Statement, { type: 'for' }>,
    value: Value,
    scope: Scope,
    output: Output,
    depth: number,
  ): void {
    const { target, test, body, otherwise, isRecursive } = statement;
    let items = itemsOf(value);
    this.#budget.step(items.length);
    if (test)
      items = items.filter((item) => {
        const inner = new Scope(scope);
        this.#assign(target, item, inner);
        return isTrue(this.#evaluator.value(test, inner));
      });
    if (items.length === 0) this.body(otherwise, new Scope(scope), output);
    let changed: Value | undefined;
    for (const [i, item] of items.entries()) {
      const inner = new Scope(scope);
      this.#assign(target, item, inner);
      const loop = new Map<string, Value>([
        ['index', BigInt(i + 1)],
        ['index0', BigInt(i)],
        ['revindex', BigInt(items.length - i)],
        ['revindex0', BigInt(items.length - i - 1)],
        ['first', i === 0],
        ['last', i === items.length - 1],
        ['length', BigInt(items.length)],
        ['depth', BigInt(depth + 1)],
        ['depth0', BigInt(depth)],
        ['previtem', items[i - 1] ?? new Undefined('there is no previous item', undefined)],
        ['nextitem', items[i + 1] ?? new Undefined('there is no next item', undefined)],
        [
          'cycle',
          new Callable((args) => {
            if (args.length === 0) throw new TemplateFailure('loop.cycle needs values');
            return args[i % args.length]!;
          }),
        ],
        [
          'changed',
          new Callable((args) => {
            const now = textOf(new Tuple(args));
            const isNew = now !== changed;
            changed = now;
            return isNew;
          }),
        ],
      ]);
      inner.set('loop', isRecursive ? this.#recursive(statement, loop, scope, depth) : new Namespace(loop));
      this.body(body, inner, output);
    }
  }

  /** The `loop` of a recursive loop is called with the items of the next level. */
  #recursive(
    statement: Extract<Statement, { type: 'for' }>,
    attributes: Map<string, Value>,
    scope: Scope,
    depth: number,
  ): Value {
    return new Callable((args) => {
      const output = new Output();
      this.#loop(statement, args[0] ?? [], scope, output, depth + 1);
      return output.text;
    }, attributes);
  }

  #macro(name: string, parameters: readonly Parameter[], body: Body, scope: Scope): Callable {
    const names = parameters.map((parameter) => parameter.name);
    return new Callable((args, named) => {
      const inner = new Scope(scope);
      const own = new Map([...named].filter(([key]) => names.includes(key)));
      const others = new Map([...named].filter(([key]) => !names.includes(key)));
      const caller = others.get('caller');
      others.delete('caller');
      const uses = usesOf(body);
      if (others.size > 0 && !uses.has('kwargs')) bind(name, names, 0, args, others);
      if (!uses.has('varargs')) bind(name, names, 0, args, own);
      for (const [i, { name: parameter, value }] of parameters.entries()) {
        const given = args[i] ?? own.get(parameter);
        inner.set(
          parameter,
          given ??
            (value
              ? this.#evaluator.value(value, inner)
              : new Undefined(`undefined variable ${parameter}`, undefined, parameter)),
        );
      }
      inner.set('varargs', new Tuple(args.slice(names.length)));
      inner.set('kwargs', new Map<Value, Value>(others));
      if (caller !== undefined) inner.set('caller', caller);
      return this.#budget.deeper(() => this.#textOf(body, inner));
    });
  }
}

/** The names that a body reads anywhere. */
function usesOf(body: Body): Set<string> {
  const names = new Set<string>();
  const look = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    if ('type' in part && part.type === 'name' && 'name' in part) names.add(String(part.name));
    for (const inner of Object.values(part)) look(inner);
  };
  look(body);
  return names;
}
