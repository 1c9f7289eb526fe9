import { TemplateFailure } from './failure.ts';
import { formatPercent } from './format.ts';
import { jsonOf } from './json.ts';
import { type Filter, filter, listFilters } from './list-filters.ts';
import { operate, rounded } from './operators.ts';
import { capitalized, center, linesOf, replaced, titled, trimmed } from './text.ts';
import {
  countOf,
  integerOf,
  isNumber,
  isTrue,
  type Named,
  stringOf,
  Tuple,
  textOf,
  typeName,
  Undefined,
  type Value,
} from './values.ts';

const onText = (name: string, apply: (text: string) => Value) =>
  filter(name, [], (value) => apply(textOf(value)));

const escaped = (text: string) =>
  text.replace(/[&<>'"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&#39;' })[c] ?? '&#34;');

function toInt(value: Value, none: Value = 0n, base: Value = 10n): Value {
  if (value instanceof Undefined) throw value.failure();
  if (typeof value === 'string') {
    const whole = wholeOf(value.trim(), Number(integerOf(base, 'a base')));
    if (whole !== undefined) return whole;
  }
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return BigInt(value);
  const x = floatOf(value);
  return x === undefined || !Number.isFinite(x) ? none : BigInt(Math.trunc(x));
}

function wholeOf(text: string, base: number): bigint | undefined {
  const [, sign = '', digits = ''] = /^([-+]?)(?:0[xX](?=.)|0[bB](?=.)|0[oO](?=.))?(\w+)$/.exec(text) ?? [];
  const prefix = { 16: /^[-+]?0x/i, 8: /^[-+]?0o/i, 2: /^[-+]?0b/i }[base];
  const plain = (prefix?.test(text) ? digits : text.replace(/^[-+]/, '')).toLowerCase();
  if (!/^[\da-z]+(?:_[\da-z]+)*$/.test(plain) || base < 2 || base > 36 || plain.length > 4000)
    return undefined;
  let whole = 0n;
  for (const c of plain.replaceAll('_', '')) {
    const digit = Number.parseInt(c, 36);
    if (digit >= base) return undefined;
    whole = whole * BigInt(base) + BigInt(digit);
  }
  return sign === '-' ? -whole : whole;
}

function floatOf(value: Value): number | undefined {
  if (isNumber(value)) return Number(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim().toLowerCase();
  if (/^[-+]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[-+]?\d+)?$/.test(text))
    return Number(text.replaceAll('_', ''));
  const [, sign, word] = /^([-+]?)(inf|infinity|nan)$/.exec(text) ?? [];
  if (word === undefined) return undefined;
  return word === 'nan' ? Number.NaN : sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function round(value: Value, precision: Value = 0n, method: Value = 'common'): Value {
  if (value instanceof Undefined) throw value.failure();
  if (!isNumber(value)) throw new TemplateFailure(`round takes a number: this is ${typeName(value)}`);
  const digits = Number(integerOf(precision, 'the precision'));
  if (method === 'common') return rounded(typeof value === 'boolean' ? BigInt(value) : value, digits);
  if (method !== 'ceil' && method !== 'floor')
    throw new TemplateFailure(
      `unknown method "${textOf(method).slice(0, 40)}" of round`,
      'allowed: common, ceil, floor',
    );
  const unit = 10 ** digits;
  return Math[method](Number(value) * unit) / unit;
}

function indent(text: string, width: Value, isFirst: boolean, isBlank: boolean): string {
  const space = typeof width === 'string' ? width : ' '.repeat(Math.max(0, countOf(width, 'indent')));
  const [first = '', ...rest] = linesOf(`${text}\n`);
  countOf(BigInt(text.length + space.length * (rest.length + 1)), 'a text', 1_000_000);
  return [
    isFirst ? space + first : first,
    ...rest.map((line) => (line !== '' || isBlank ? space + line : line)),
  ].join('\n');
}

function truncate(text: string, length: number, isHard: boolean, end: string, leeway: number): string {
  if (text.length <= length + leeway) return text;
  const cut = text.slice(0, Math.max(0, length - end.length));
  return isHard || !cut.includes(' ') ? cut + end : cut.slice(0, cut.lastIndexOf(' ')) + end;
}

const filters: Readonly<Record<string, Filter>> = {
  ...listFilters,
  default: filter('default', ['default_value', 'boolean'], (value, none = '', isBoolean = false) =>
    value instanceof Undefined || (isTrue(isBoolean) && !isTrue(value)) ? none : value,
  ),
  upper: onText('upper', (text) => text.toUpperCase()),
  lower: onText('lower', (text) => text.toLowerCase()),
  title: onText('title', titled),
  capitalize: onText('capitalize', capitalized),
  string: onText('string', (text) => text),
  safe: filter('safe', [], (value) => value),
  escape: onText('escape', escaped),
  forceescape: onText('forceescape', escaped),
  wordcount: onText('wordcount', (text) => BigInt(text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0)),
  urlencode: onText('urlencode', (text) =>
    encodeURIComponent(text)
      .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%2F', '/'),
  ),
  trim: filter('trim', ['chars'], (value, characters = null) =>
    trimmed(textOf(value), characters === null ? undefined : stringOf(characters, 'trim')),
  ),
  replace: filter(
    'replace',
    ['old', 'new', 'count'],
    (value, from, to, count = null) =>
      replaced(
        textOf(value),
        textOf(from!),
        textOf(to!),
        count === null ? -1 : Number(integerOf(count, 'count')),
      ),
    2,
  ),
  center: filter('center', ['width'], (value, width = 80n) =>
    center(textOf(value), countOf(width, 'center')),
  ),
  indent: filter('indent', ['width', 'first', 'blank'], (value, width = 4n, first = false, blank = false) =>
    indent(textOf(value), width, isTrue(first), isTrue(blank)),
  ),
  truncate: filter(
    'truncate',
    ['length', 'killwords', 'end', 'leeway'],
    (value, length = 255n, killwords = false, end = '...', leeway = null) =>
      truncate(
        textOf(value),
        countOf(length, 'truncate'),
        isTrue(killwords),
        textOf(end),
        leeway === null ? 5 : countOf(leeway, 'truncate'),
      ),
  ),
  format: (value, args, named) => {
    if (args.length > 0 && named.size > 0)
      throw new TemplateFailure('the filter "format" takes values in order or by name, not both');
    return formatPercent(textOf(value), named.size > 0 ? new Map(named) : new Tuple(args));
  },
  int: filter('int', ['default', 'base'], toInt),
  float: filter('float', ['default'], (value, none = 0) => {
    if (value instanceof Undefined) throw value.failure();
    return floatOf(value) ?? none;
  }),
  round: filter('round', ['precision', 'method'], round),
  abs: filter('abs', [], (value) => {
    const isNegative = isNumber(value) && Number(value) < 0;
    return isNegative ? operate('*', value, -1n) : operate('+', value, 0n);
  }),
  tojson: filter('tojson', ['indent'], (value, width = null) =>
    jsonOf(value, width === null ? undefined : countOf(width, 'indent', 64)),
  ),
};
const aliases: Readonly<Record<string, string>> = { d: 'default', e: 'escape', count: 'length' };

/** The filters of Jinja2 that make the same of the same, and text of text. */
export const filterNames: readonly string[] = [...Object.keys(filters), ...Object.keys(aliases)].sort();

/** `value | name(args)`. @throws TemplateFailure */
export function applyFilter(name: string, value: Value, args: readonly Value[], named: Named): Value {
  const known = Object.hasOwn(aliases, name) ? aliases[name]! : name;
  const apply = Object.hasOwn(filters, known) ? filters[known] : undefined;
  if (!apply)
    throw new TemplateFailure(`unknown filter "${name.slice(0, 100)}"`, `allowed: ${filterNames.join(', ')}`);
  return apply(value, args, named, applyFilter);
}
