import { ArgumentProblem, literal, numberOf } from '../operator.ts';
import { pythonLiteral } from '../python-value.ts';
import type { Tree, Window } from '../tree.ts';

export interface WindowRule {
  /** The operator, for messages. */
  readonly of: string;
  /** Place of the window among the arguments. */
  readonly index: number;
  /** A fraction between 0 and 1 is allowed: the weight of the latest row. */
  readonly fraction?: boolean;
  /** Smallest window above 0. */
  readonly least?: number;
  /** Negative ones are allowed: looking ahead. */
  readonly negative?: boolean;
}

const largest = 2 ** 31 - 1;

/** Checks a window among the arguments, as qlib and pandas do when they compute. @throws ArgumentProblem */
export function checkWindow(
  args: readonly Tree[],
  { of, index, fraction = false, least = 1, negative = false }: WindowRule,
): void {
  const value = literal(args, index);
  const rule = `${negative ? 'an integer' : `0 (all days so far) or an integer of at least ${least}`}${fraction ? ', or a fraction between 0 and 1' : ''}`;
  const wrong = () =>
    new ArgumentProblem(index, `the window of ${of} must be ${rule}, not ${pythonLiteral(value)}`);
  if (value.type === 'float') {
    if (!(fraction && value.value > 0 && value.value < 1)) throw wrong();
    return;
  }
  if (value.type !== 'int' || Math.abs(value.value) > largest) throw wrong();
  if (!negative && value.value !== 0 && value.value < least) throw wrong();
}

/** Days before which qlib reads for a window `n` over something that itself reads `inner`. */
export function windowBefore(n: number, inner: Window): Window {
  if (n === 0) return inner;
  const size = n > 0 && n < 1 ? decayDays(n) : n;
  return { left: Math.max(inner.left + size - 1, inner.left), right: inner.right };
}

/** Days until a weight has decayed to a millionth. */
function decayDays(alpha: number): number {
  return Math.trunc(Math.log(1e-6) / Math.log(1 - alpha));
}

/** The window in rows: 0 stands for all rows so far. */
export function rows(args: readonly Tree[], index: number): number {
  return numberOf(args, index) || largest;
}
