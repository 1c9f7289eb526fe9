import { pow } from '../../core/power.ts';
import { type PythonValue, pythonNumber } from './python-value.ts';

const int = (value: number): PythonValue => ({ type: 'int', value });
const float = (value: number): PythonValue => ({ type: 'float', value });
const bool = (value: boolean): PythonValue => ({ type: 'bool', value });

/** What Python makes of an operation on constants (`2*5`, `-1`, `1/3`), or the problem as text. */
export function foldConstants(operation: string, values: readonly PythonValue[]): PythonValue | string {
  const [a, b] = values.map(pythonNumber);
  if (a === undefined || (values.length === 2 && b === undefined))
    return `"${operation.replace('unary ', '')}" works on numbers only`;
  const whole = values.every((v) => v.type !== 'float');
  const result = b === undefined ? unary(operation, a, whole) : binary(operation, a, b, whole);
  if (typeof result !== 'string' && result.type === 'int' && !Number.isSafeInteger(result.value))
    return 'the integer is too large';
  return result;
}

function unary(operation: string, a: number, whole: boolean): PythonValue | string {
  const made = whole ? int : float;
  if (operation === 'unary -') return made(whole && a === 0 ? 0 : -a);
  if (operation === 'unary +') return made(a);
  return whole ? int(-a - 1) : '"~" works on integers only';
}

function binary(operation: string, a: number, b: number, whole: boolean): PythonValue | string {
  const made = whole ? int : float;
  switch (operation) {
    case '+':
      return made(a + b);
    case '-':
      return made(a - b);
    case '*':
      return made(a * b);
    case '/':
      return b === 0 ? 'division by zero' : float(a / b);
    case '//':
      return b === 0 ? 'division by zero' : made(Math.floor(a / b));
    case '%':
      return b === 0 ? 'division by zero' : made(a - b * Math.floor(a / b));
    case '**':
      if (a === 0 && b < 0) return 'zero to a negative power';
      if (a < 0 && !Number.isInteger(b)) return 'a negative number has no such power';
      return whole && b >= 0 ? int(pow(a, b)) : float(pow(a, b));
    case '<':
      return bool(a < b);
    case '<=':
      return bool(a <= b);
    case '>':
      return bool(a > b);
    case '>=':
      return bool(a >= b);
    case '==':
      return bool(a === b);
    case '!=':
      return bool(a !== b);
    case '&':
    case '|':
    case '^':
    case '<<':
    case '>>':
      return whole ? bits(operation, BigInt(a), BigInt(b)) : `"${operation}" works on integers only`;
    default:
      return `"${operation}" does not work on numbers`;
  }
}

function bits(operation: string, a: bigint, b: bigint): PythonValue | string {
  if ((operation === '<<' || operation === '>>') && (b < 0n || b > 64n)) return 'the shift is out of range';
  const value =
    operation === '&'
      ? a & b
      : operation === '|'
        ? a | b
        : operation === '^'
          ? a ^ b
          : operation === '<<'
            ? a << b
            : a >> b;
  return int(Number(value));
}
