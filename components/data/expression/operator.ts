import type { PlanBuilder, Value } from '../plan/builder.ts';
import type { PythonValue } from './python-value.ts';
import type { Tree, Window } from './tree.ts';

/**
 * What an argument may be: `series` an expression; `operand` an expression or a number; `value` a literal, which `check` looks at.
 */
export type ParameterKind = 'series' | 'operand' | 'value';

export interface Parameter {
  readonly name: string;
  readonly kind: ParameterKind;
  /** The value where the argument may be left out. */
  readonly default?: PythonValue;
}

/** One operator of the expression language: everything that the parser and the planner know about it. */
export interface Operator {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** Looks at the literals among the arguments. @throws ArgumentProblem */
  check?(args: readonly Tree[]): void;
  /** Days read around those asked for, from the windows of the arguments. */
  window(args: readonly Tree[], of: (tree: Tree) => Window): Window;
  /**
   * Rows after its own that a result knows of at most, from those that its arguments know of (below 0: none up to there), where that is not the
   * `right` of the window: for the check for leaks.
   */
  ahead?(args: readonly Tree[], of: (tree: Tree) => number): number;
  /** `str()` where it differs from `Name(argument,argument)`. */
  text?(args: readonly Tree[], of: (tree: Tree) => string): string;
  /** Adds the steps that compute it to a plan. @throws ArgumentProblem for inputs of a type it cannot take */
  plan(args: readonly Tree[], builder: PlanBuilder): Value;
}

/** Argument number `index` is wrong; the parser adds where it stands. -1: the whole call. */
export class ArgumentProblem extends Error {
  constructor(
    readonly index: number,
    readonly problem: string,
    readonly hint?: string,
  ) {
    super(problem);
  }
}

/** The literal of an argument that is known to be one. */
export function literal(args: readonly Tree[], index: number): PythonValue {
  const arg = args[index];
  return arg?.kind === 'literal' ? arg.value : { type: 'none' };
}

/** A literal number among checked arguments. */
export function numberOf(args: readonly Tree[], index: number): number {
  const value = literal(args, index);
  return value.type === 'int' || value.type === 'float' ? value.value : Number.NaN;
}

/** A literal text among checked arguments. */
export function textOf(args: readonly Tree[], index: number): string {
  const value = literal(args, index);
  return value.type === 'text' ? value.value : '';
}
