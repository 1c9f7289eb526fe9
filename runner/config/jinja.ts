import * as jinja from '@huggingface/jinja';

/** A node of a template's tree; its other fields depend on `type`. */
export interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A value at run time: `StringValue`, `IntegerValue`, `UndefinedValue`, ... */
export interface Value {
  readonly type: string;
  readonly value: unknown;
}

export interface Environment {
  readonly variables: Map<string, Value>;
  set(name: string, value: unknown): Value;
  lookupVariable(name: string): Value;
}

interface Engine {
  readonly Environment: new () => Environment;
  readonly Interpreter: new (
    environment: Environment,
  ) => {
    run(program: Node): Value;
    evaluate(node: Node | undefined, environment: Environment): Value;
  };
  tokenize(text: string): readonly unknown[];
  parse(tokens: readonly unknown[]): Node;
}

/** @huggingface/jinja as we use it. Its own declarations import files without an extension, which NodeNext does not resolve. */
export const engine: Engine = jinja as unknown as Engine;
