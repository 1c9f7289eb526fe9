import { pow } from '../../../components/core/power.ts';
import { TemplateFailure } from './failure.ts';
import { fixed, formatPercent } from './format.ts';
import {
  compare,
  countOf,
  integerOf,
  isEqual,
  isNumber,
  itemsOf,
  stringOf,
  Tuple,
  typeName,
  Undefined,
  type Value,
} from './values.ts';

/** The most bits of an int. */
const maxBits = 4096;

/** `left operator right` as Python works it out. @throws TemplateFailure */
export function operate(operator: string, left: Value, right: Value): Value {
  for (const value of [left, right]) if (value instanceof Undefined) throw value.failure();
  if (operator === '%' && typeof left === 'string') return formatPercent(left, right);
  if (isNumber(left) && isNumber(right)) return calculate(operator, left, right);
  if (operator === '+') {
    if (typeof left === 'string' && typeof right === 'string') return left + right;
    if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
    if (left instanceof Tuple && right instanceof Tuple) return new Tuple([...left.items, ...right.items]);
  }
  if (operator === '*') {
    const [value, count] = isNumber(left) ? [right, left] : [left, right];
    if (typeof value === 'string') return value.repeat(repetitions(count, value.length));
    if (Array.isArray(value)) return repeated(value, count);
    if (value instanceof Tuple) return new Tuple(repeated(value.items, count));
  }
  const hint =
    operator === '+'
      ? 'write a ~ b, or turn one of them into the other kind with | int or | string'
      : undefined;
  throw new TemplateFailure(
    `unknown operator "${operator}" between ${typeName(left)} and ${typeName(right)}`,
    hint,
  );
}

function repetitions(count: Value, size: number): number {
  const times = integerOf(count, 'a number of repetitions');
  countOf(times * BigInt(size), 'a product');
  return times > 0n && size > 0 ? Number(times) : 0;
}

function repeated(items: readonly Value[], count: Value): Value[] {
  return Array.from({ length: repetitions(count, items.length) }, () => items).flat() as Value[];
}

function calculate(
  operator: string,
  left: bigint | number | boolean,
  right: bigint | number | boolean,
): Value {
  if (typeof left === 'number' || typeof right === 'number')
    return calculateFloats(operator, Number(left), Number(right));
  const [a, b] = [BigInt(left), BigInt(right)];
  switch (operator) {
    case '+':
      return bounded(a + b);
    case '-':
      return bounded(a - b);
    case '*':
      return bounded(a * b);
    case '/':
      return calculateFloats(operator, Number(a), Number(b));
    case '**':
      if (b < 0n) return calculateFloats(operator, Number(a), Number(b));
      if (b * BigInt(a.toString(2).length) > BigInt(maxBits)) throw tooLarge();
      return a ** b;
    default: {
      if (b === 0n) throw new TemplateFailure('division by zero');
      const rest = a % b;
      const remainder = rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
      return operator === '%' ? remainder : (a - remainder) / b;
    }
  }
}

const tooLarge = () => new TemplateFailure('a number is too large');

function bounded(value: bigint): bigint {
  if (value.toString(2).length > maxBits) throw tooLarge();
  return value;
}

function calculateFloats(operator: string, a: number, b: number): number {
  if (b === 0 && ['/', '//', '%'].includes(operator)) throw new TemplateFailure('division by zero');
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '**': {
      const value = pow(a, b);
      if (!Number.isFinite(value) && Number.isFinite(a) && Number.isFinite(b)) throw tooLarge();
      return value;
    }
    default: {
      const rest = a % b;
      const remainder = rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
      return operator === '%' ? remainder : Math.round((a - remainder) / b);
    }
  }
}

/** One step of a comparison. */
export function holds(operator: string, left: Value, right: Value): boolean {
  switch (operator) {
    case '==':
      return isEqual(left, right);
    case '!=':
      return !isEqual(left, right);
    case 'in':
      return contains(right, left);
    case 'not in':
      return !contains(right, left);
    case '<':
      return compare(left, right) < 0;
    case '<=':
      return compare(left, right) <= 0;
    case '>':
      return compare(left, right) > 0;
    default:
      return compare(left, right) >= 0;
  }
}

function contains(whole: Value, part: Value): boolean {
  if (whole instanceof Undefined) return false;
  if (typeof whole === 'string') return whole.includes(stringOf(part, 'what is looked for in a str'));
  if (whole instanceof Map) return whole.has(part);
  return itemsOf(whole).some((item) => isEqual(item, part));
}

/** `-x` and `+x`. */
export function signed(operator: '-' | '+', value: Value): Value {
  if (value instanceof Undefined) throw value.failure();
  if (!isNumber(value)) throw new TemplateFailure(`"${operator}" before ${typeName(value)}`);
  const number = typeof value === 'boolean' ? BigInt(value) : value;
  return operator === '-' ? -number : number;
}

/** Python's `round`: exact halves go to the even digit. */
export function rounded(value: bigint | number, digits: number): bigint | number {
  if (typeof value === 'bigint') {
    if (digits >= 0) return value;
    const unit = 10n ** BigInt(Math.min(-digits, 1000));
    const rest = ((value % unit) + unit) % unit;
    const low = value - rest;
    const isUp = 2n * rest > unit || (2n * rest === unit && (low / unit) % 2n !== 0n);
    return isUp ? low + unit : low;
  }
  if (!Number.isFinite(value) || digits > 100) return value;
  if (digits < 0) return Number(rounded(BigInt(Math.round(value)), digits));
  return Number(fixed(value, digits));
}
