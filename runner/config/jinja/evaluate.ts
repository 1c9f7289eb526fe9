import { bind } from './arguments.ts';
import type { Budget } from './budget.ts';
import { TemplateFailure } from './failure.ts';
import { applyFilter } from './filters.ts';
import { attributeOf, itemOf, sliceOf } from './members.ts';
import { holds, operate, signed } from './operators.ts';
import type { Scope } from './scope.ts';
import type { Arguments, Expression } from './syntax.ts';
import { passes } from './tests.ts';
import {
  Callable,
  isTrue,
  itemsOf,
  type Named,
  stringOf,
  Tuple,
  textOf,
  typeName,
  Undefined,
  type Value,
} from './values.ts';

/** Works out expressions; every step counts, every value is bounded. */
export class Evaluator {
  constructor(readonly budget: Budget) {}

  /** @throws TemplateFailure with the place of the innermost part that fails */
  value(node: Expression, scope: Scope): Value {
    try {
      this.budget.step();
      const value = this.budget.deeper(() => this.#value(node, scope));
      this.budget.value(value);
      return value;
    } catch (error) {
      if (error instanceof TemplateFailure) error.at ??= node.at;
      throw error;
    }
  }

  /** A value that must be there. */
  present(node: Expression, scope: Scope): Value {
    const value = this.value(node, scope);
    if (value instanceof Undefined) throw value.failure();
    return value;
  }

  arguments({ positional, spread, named, namedSpread }: Arguments, scope: Scope): [Value[], Named] {
    const args = positional.map((arg) => this.value(arg, scope));
    if (spread) args.push(...itemsOf(this.value(spread, scope)));
    const byName = new Map<string, Value>();
    for (const [name, arg] of named) byName.set(name, this.value(arg, scope));
    if (namedSpread) {
      const more = this.present(namedSpread, scope);
      if (!(more instanceof Map)) throw new TemplateFailure(`** takes a dict: this is ${typeName(more)}`);
      for (const [name, arg] of more) byName.set(stringOf(name, 'the name of an argument'), arg);
    }
    return [args, byName];
  }

  #value(node: Expression, scope: Scope): Value {
    switch (node.type) {
      case 'constant':
        return node.value;
      case 'name':
        return (
          scope.find(node.name) ??
          new Undefined(`undefined variable ${node.name.slice(0, 100)}`, node.at, node.name)
        );
      case 'list':
        return node.items.map((item) => this.value(item, scope));
      case 'tuple':
        return new Tuple(node.items.map((item) => this.value(item, scope)));
      case 'dict':
        return new Map(node.items.map(([key, item]) => [this.present(key, scope), this.value(item, scope)]));
      case 'attribute':
        return attributeOf(this.value(node.of, scope), node.name, node.at);
      case 'item':
        return itemOf(this.value(node.of, scope), this.value(node.key, scope), node.at);
      case 'slice':
        return sliceOf(
          this.value(node.of, scope),
          node.bounds.map((bound) => bound && this.present(bound, scope)),
        );
      case 'call': {
        const called = this.present(node.of, scope);
        if (!(called instanceof Callable)) throw new TemplateFailure(`${typeName(called)} cannot be called`);
        return called.call(...this.arguments(node.args, scope));
      }
      case 'filter':
        return applyFilter(node.name, this.value(node.of, scope), ...this.arguments(node.args, scope));
      case 'test':
        return passes(node.name, this.value(node.of, scope), ...this.arguments(node.args, scope));
      case 'unary':
        return node.operator === 'not'
          ? !isTrue(this.value(node.of, scope))
          : signed(node.operator, this.value(node.of, scope));
      case 'binary':
        return operate(node.operator, this.value(node.left, scope), this.value(node.right, scope));
      case 'logical': {
        const left = this.value(node.left, scope);
        return isTrue(left) === (node.operator === 'or') ? left : this.value(node.right, scope);
      }
      case 'concatenation':
        return node.parts.map((part) => textOf(this.value(part, scope))).join('');
      case 'comparison': {
        let left = this.value(node.first, scope);
        for (const [operator, other] of node.others) {
          const right = this.value(other, scope);
          if (!holds(operator, left, right)) return false;
          left = right;
        }
        return true;
      }
      case 'condition':
        if (isTrue(this.value(node.test, scope))) return this.value(node.chosen, scope);
        // Jinja: `{{ x if y }}` is empty where y is false
        return node.otherwise ? this.value(node.otherwise, scope) : '';
    }
  }
}

const maxRange = 4000;

/** What a template may call without being told of it: `range`, `dict` and `namespace` as in Jinja2. */
export const globals: Readonly<Record<string, Callable['call']>> = {
  range: (args, named) => {
    const [a, b, step = 1n] = bind('range', ['start', 'stop', 'step'], 1, args, named);
    const [from, to] = b === undefined ? [0n, a!] : [a!, b];
    const [start, stop, by] = [from, to, step].map((value) => {
      if (typeof value !== 'bigint') throw new TemplateFailure('range takes whole numbers');
      return value;
    }) as [bigint, bigint, bigint];
    if (by === 0n) throw new TemplateFailure('the step of range is 0');
    const count = (stop - start + by - (by > 0n ? 1n : -1n)) / by;
    if (count > maxRange)
      throw new TemplateFailure(
        `range(${args.map(textOf).join(', ')}) is too large`,
        `the limit is ${maxRange} items`,
      );
    return Array.from({ length: Math.max(0, Number(count)) }, (_, i) => start + BigInt(i) * by);
  },
  dict: (args, named) => {
    const [first] = args;
    if (args.length > 1 || (first !== undefined && !(first instanceof Map)))
      throw new TemplateFailure('dict takes a dict, or values by name');
    return new Map<Value, Value>([...(first ?? []), ...named]);
  },
};
