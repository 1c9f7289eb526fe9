import type { Operator } from './operator.ts';
import { type PythonValue, pythonLiteral, pythonText } from './python-value.ts';

/** Characters [from, to) of the text that a part was read from. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

export interface Literal {
  readonly kind: 'literal';
  readonly value: PythonValue;
  readonly at: Place;
}

/** `$close`; with `pit`, `$$roe_q`: a point-in-time field. */
export interface Field {
  readonly kind: 'field';
  readonly name: string;
  readonly pit: boolean;
  readonly at: Place;
}

/** An operator with one argument a parameter. */
export interface Call {
  readonly kind: 'call';
  readonly operator: Operator;
  readonly args: readonly Tree[];
  readonly at: Place;
}

/** A parsed expression. */
export type Tree = Literal | Field | Call;

/** Days of the calendar that are read before and after the days asked for; -Infinity where no bound is known. */
export interface Window {
  readonly left: number;
  readonly right: number;
}

export const noWindow: Window = { left: 0, right: 0 };

/** qlib's `get_extended_window_size`. */
export function windowOf(tree: Tree): Window {
  return tree.kind === 'call' ? tree.operator.window(tree.args, windowOf) : noWindow;
}

/** Rows after its own that an expression knows of at most; below 0 where the latest that it knows of is an earlier one. */
export function aheadOf(tree: Tree): number {
  if (tree.kind === 'literal') return Number.NEGATIVE_INFINITY;
  if (tree.kind === 'field') return 0;
  const { operator, args } = tree;
  if (operator.ahead) return operator.ahead(args, aheadOf);
  return operator.window(args, (arg) => ({ left: 0, right: aheadOf(arg) })).right;
}

/** qlib's `str(expression)`: operators by name, no blanks, Python's spelling of numbers. */
export function treeText(tree: Tree): string {
  if (tree.kind === 'literal') return pythonText(tree.value);
  if (tree.kind === 'field') return `${tree.pit ? '$$' : '$'}${tree.name}`;
  if (tree.operator.text) return tree.operator.text(tree.args, treeText);
  return `${tree.operator.name}(${tree.args.map(treeText).join(',')})`;
}

/** Text that parses to an equal tree. */
export function treeSource(tree: Tree): string {
  if (tree.kind === 'literal') return pythonLiteral(tree.value);
  if (tree.kind === 'field') return `${tree.pit ? '$$' : '$'}${tree.name}`;
  return `${tree.operator.name}(${tree.args.map(treeSource).join(', ')})`;
}

/** Names of the plain fields that an expression reads. */
export function fieldsOf(tree: Tree, found: Set<string> = new Set()): Set<string> {
  if (tree.kind === 'field' && !tree.pit) found.add(tree.name);
  if (tree.kind === 'call') for (const arg of tree.args) fieldsOf(arg, found);
  return found;
}
