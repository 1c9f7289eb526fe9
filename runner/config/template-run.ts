import { nearest } from '../../components/core/nearest.ts';
import { type Environment, engine, type Node, type Value } from './jinja.ts';
import { lastMark } from './line-marks.ts';

/** What is wrong in a template, at a line (from 1) where it is known. */
export class TemplateFailure extends Error {
  line: number | undefined;

  constructor(
    problem: string,
    readonly hint?: string,
    /** Set where the fault is that this variable is undefined. */
    readonly variable?: string,
  ) {
    super(problem);
  }
}

const maxSteps = 50_000;
const maxDepth = 200;
/** Of one value, in characters and items. Squared, as `replace` can make it, that is still little memory. */
const maxSize = 8192;
const maxRange = 4000;
const maxOutput = 2 * 1024 * 1024;

/** Filters that are known to end soon and to make little. */
const filters = new Set(
  (
    'abs bool capitalize default dictsort first float indent int items join last length list lower map rejectattr replace ' +
    'reverse safe selectattr sort string title tojson trim unique upper'
  ).split(' '),
);

/** Evaluates a template. @throws TemplateFailure */
export function evaluateTemplate(text: string, env: Readonly<Record<string, string | undefined>>): string {
  let interpreter: SafeInterpreter | undefined;
  try {
    const program = engine.parse(engine.tokenize(text));
    const environment = new engine.Environment();
    environment.variables.clear();
    for (const [name, value] of Object.entries({
      true: true,
      false: false,
      none: null,
      True: true,
      False: false,
      None: null,
    }))
      environment.set(name, value);
    for (const name of inspect(program))
      if (!environment.variables.has(name)) {
        if (Object.hasOwn(env, name) && env[name] !== undefined) environment.set(name, env[name]);
        else if (name === 'range') environment.set('range', range);
      }
    interpreter = new SafeInterpreter(environment);
    return String(interpreter.run(program).value);
  } catch (error) {
    const failure =
      error instanceof TemplateFailure
        ? error
        : new TemplateFailure(
            error instanceof RangeError
              ? 'too deeply nested or too large'
              : lowerFirst(error instanceof Error ? error.message : String(error)),
          );
    failure.line ??= interpreter?.line;
    throw failure;
  }
}

const lowerFirst = (text: string) => text.slice(0, 1).toLowerCase() + text.slice(1, 300);

function range(...args: unknown[]): number[] {
  const [start, stop, step] =
    args.length === 1 ? [0, Number(args[0]), 1] : [Number(args[0]), Number(args[1]), Number(args[2] ?? 1)];
  const count = Math.ceil((stop! - start!) / step!);
  if (!(Math.abs(count) <= maxRange))
    throw new TemplateFailure(`range(${args.join(', ')}) is too large`, `the limit is ${maxRange} items`);
  return Array.from({ length: Math.max(0, count) }, (_, i) => start! + i * step!);
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

function* childrenOf(node: Node): Generator<Node> {
  for (const value of Object.values(node)) {
    const items = value instanceof Map ? [...value].flat() : Array.isArray(value) ? value : [value];
    for (const item of items) if (isNode(item)) yield item;
  }
}

/** The names of a template's identifiers. @throws TemplateFailure for filters that are not allowed. */
function inspect(program: Node): Set<string> {
  const names = new Set<string>();
  const todo: Node[] = [program];
  let line = 1;
  try {
    for (let node = todo.pop(); node; node = todo.pop()) {
      if (node.type === 'Identifier') names.add(String(node['value']));
      if (node.type === 'StringLiteral') line = lastMark(String(node['value'])) ?? line;
      if (isNode(node['filter'])) checkFilter(node['filter']);
      const children = [...childrenOf(node)];
      for (const child of children)
        if (child.type === 'StringLiteral' && !isStatement(node) && String(child['value']).length > maxSize)
          throw new TemplateFailure(`a string in a tag is too long: the limit is ${maxSize} characters`);
      // the last one in is the first one out: they are looked at as they stand in the file
      todo.push(...children.reverse());
    }
  } catch (error) {
    if (error instanceof TemplateFailure) error.line ??= line;
    throw error;
  }
  return names;
}

const isStatement = (node: Node) =>
  ['Program', 'If', 'For', 'Set', 'Macro', 'CallStatement', 'FilterStatement'].includes(node.type);

/** `x | name` and `x | name(...)`: the name. */
function filterName(filter: unknown): string {
  if (!isNode(filter)) return '';
  return filter.type === 'CallExpression' ? filterName(filter['callee']) : String(filter['value']);
}

function checkFilter(filter: Node): void {
  const name = filterName(filter);
  if (!filters.has(name)) {
    const near = nearest(name, filters);
    throw new TemplateFailure(
      `unknown filter "${name.slice(0, 100)}"`,
      `${near ? `did you mean "${near}"? ` : ''}allowed: ${[...filters].join(', ')}`,
    );
  }
  if (name !== 'indent' && name !== 'tojson') return;
  // their width is repeated in every line
  for (const argument of Array.isArray(filter['args']) ? filter['args'] : []) {
    const value: unknown = isNode(argument) && isNode(argument['value']) ? argument['value'] : argument;
    if (
      !isNode(value) ||
      !(typeof value['value'] !== 'number' || value['value'] <= 64) ||
      !/^(?:Integer|String)Literal$|^Identifier$/.test(value.type)
    )
      throw new TemplateFailure(`the arguments of ${name} must be plain and at most 64`);
    if (value.type === 'Identifier' && !/^(?:true|false)$/i.test(String(value['value'])))
      throw new TemplateFailure(`the arguments of ${name} must be plain and at most 64`);
  }
}

/** Counts steps, bounds every value, and does not let an undefined variable pass as an empty string. */
class SafeInterpreter extends engine.Interpreter {
  line = 1;
  #steps = 0;
  #depth = 0;
  /** Nodes that may be undefined: a parent asks whether they are. */
  readonly #mayBeUndefined = new WeakSet<object>();
  readonly #sizes = new WeakMap<object, number>();

  override evaluate(node: Node | undefined, environment: Environment): Value {
    if (!isNode(node)) return super.evaluate(node, environment);
    this.#count(1);
    if (node.type === 'StringLiteral' || node.type === 'Comment')
      this.line = lastMark(String(node['value'])) ?? this.line;
    this.#markLenient(node);
    const value = this.#evaluateDeeper(node, environment);
    if (
      value.type === 'UndefinedValue' &&
      isNode(node) &&
      isExpression(node) &&
      !this.#mayBeUndefined.has(node)
    ) {
      throw undefinedFailure(node, environment);
    }
    // a loop without a body evaluates nothing
    if (value.type === 'ArrayValue') this.#spend(value);
    const limit = isText(node) ? maxOutput : maxSize;
    if (this.#size(value) > limit)
      throw new TemplateFailure(`a value is too large: more than ${limit} characters`);
    return value;
  }

  #count(steps: number): void {
    this.#steps += steps;
    if (this.#steps > maxSteps)
      throw new TemplateFailure('too many steps: a loop is too long', `the limit is ${maxSteps}`);
  }

  #spend({ value }: Value): void {
    if (Array.isArray(value)) this.#count(value.length);
  }

  #evaluateDeeper(node: Node, environment: Environment): Value {
    if (++this.#depth > maxDepth)
      throw new TemplateFailure(
        'too deeply nested: a macro may call itself',
        `the limit is ${maxDepth} levels`,
      );
    try {
      return super.evaluate(node, environment);
    } finally {
      this.#depth--;
    }
  }

  #markLenient(node: Node): void {
    const allow = (child: unknown) => {
      if (isNode(child)) this.#mayBeUndefined.add(child);
    };
    const word = (field: string) => (isNode(node[field]) ? String(node[field]['value']) : '');
    switch (node.type) {
      case 'FilterExpression':
        if (filterName(node['filter']) === 'default') allow(node['operand']);
        break;
      case 'TestExpression':
        if (/^(?:un)?defined$/.test(word('test'))) allow(node['operand']);
        break;
      case 'If':
        allow(node['test']);
        break;
      case 'Ternary':
        allow(node['condition']);
        break;
      case 'SelectExpression':
        // Jinja: `{{ x if y }}` is empty where y is false
        allow(node);
        allow(node['test']);
        break;
      case 'UnaryExpression':
        if (word('operator') === 'not') allow(node['argument']);
        break;
      case 'BinaryExpression':
        if (!/^(?:and|or)$/.test(word('operator'))) break;
        allow(node['left']);
        if (this.#mayBeUndefined.has(node)) allow(node['right']);
        break;
      case 'MemberExpression':
        if (this.#mayBeUndefined.has(node)) allow(node['object']);
    }
  }

  /** Characters and items of a value, those that it holds included. */
  #size(value: unknown): number {
    if (typeof value !== 'object' || value === null || !('value' in value)) return 1;
    const inside = value.value;
    if (typeof inside === 'string') return inside.length;
    if (!Array.isArray(inside) && !(inside instanceof Map)) return 1;
    const known = this.#sizes.get(value);
    if (known !== undefined) return known;
    let sum = 1;
    for (const item of inside.values()) sum += this.#size(item) + 1;
    this.#sizes.set(value, sum);
    return sum;
  }
}

/** Statements that hold text of the template, and the text itself, may be as long as the file. */
const isText = (node: Node) =>
  ['Program', 'If', 'For', 'CallStatement', 'FilterStatement', 'StringLiteral'].includes(node.type);

const isExpression = (node: Node) =>
  [
    'Identifier',
    'MemberExpression',
    'BinaryExpression',
    'FilterExpression',
    'Ternary',
    'CallExpression',
  ].includes(node.type);

function undefinedFailure(node: Node, environment: Environment): TemplateFailure {
  for (const name of namesIn(node))
    if (environment.lookupVariable(name).type === 'UndefinedValue')
      return new TemplateFailure(`undefined variable ${name.slice(0, 100)}`, undefined, name);
  const property = node['property'];
  const attribute = isNode(property) ? String(property['value']).slice(0, 100) : undefined;
  return new TemplateFailure(
    attribute === undefined ? 'an undefined value' : `undefined attribute "${attribute}"`,
  );
}

/** Names of the variables that an expression reads, in order. */
function* namesIn(node: Node): Generator<string> {
  if (node.type === 'Identifier') yield String(node['value']);
  for (const [field, value] of Object.entries(node))
    if (
      isNode(value) &&
      field !== 'operator' &&
      field !== 'filter' &&
      !(field === 'property' && node['computed'] !== true)
    )
      yield* namesIn(value);
}
