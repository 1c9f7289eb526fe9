import { TemplateFailure } from './failure.ts';
import {
  countOf,
  isNumber,
  itemsOf,
  type Named,
  reprOf,
  stringOf,
  Tuple,
  textOf,
  typeName,
  Undefined,
  type Value,
} from './values.ts';

interface Spec {
  readonly fill: string;
  readonly align: string;
  readonly sign: string;
  readonly isAlternate: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | undefined;
  readonly type: string;
}

/** Python's `format % values`. */
export function formatPercent(format: string, values: Value): string {
  const list = values instanceof Tuple ? values.items : [values];
  let next = 0;
  const take = (): Value => {
    const value = list[next++];
    if (value === undefined) throw new TemplateFailure('the format has more places than there are values');
    return value;
  };
  let isNamed = false;
  const text = format.replace(
    /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?([\s\S]?)/g,
    (
      all,
      key: string | undefined,
      flags: string,
      width: string | undefined,
      precision: string | undefined,
      type: string,
    ) => {
      if (type === '%') return '%';
      if (!/^[diouxXeEfFgGcrsa]$/.test(type))
        throw new TemplateFailure(
          `"${all.slice(0, 20)}" is no place of a format`,
          'write %s, %d, %.2f or %%',
        );
      const size = (text: string | undefined) =>
        text === undefined ? undefined : countOf(text === '*' ? take() : BigInt(text), 'a width');
      const [columns, digits] = [size(width) ?? 0, size(precision)];
      let value: Value;
      if (key === undefined) value = take();
      else {
        isNamed = true;
        const found = values instanceof Map ? values.get(key) : undefined;
        if (found === undefined)
          throw new TemplateFailure(`the format asks for "${key}", which is not given`);
        value = found;
      }
      const isLeft = flags.includes('-');
      const isText = 'crsa'.includes(type);
      return padded({
        ...(isText
          ? { text: textFor(type, value).slice(0, digits) }
          : numberParts(
              value,
              {
                sign: flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '-',
                isAlternate: flags.includes('#'),
                precision: digits,
                type: type === 'i' || type === 'u' ? 'd' : type,
                grouping: '',
              },
              true,
            )),
        width: columns,
        align: isLeft ? '<' : flags.includes('0') && !isText ? '=' : '>',
        fill: flags.includes('0') && !isText && !isLeft ? '0' : ' ',
      });
    },
  );
  if (!isNamed && next < list.length && !(values instanceof Map))
    throw new TemplateFailure('there are more values than places in the format');
  return text;
}

function textFor(type: string, value: Value): string {
  if (type === 'c')
    return typeof value === 'bigint'
      ? String.fromCodePoint(countOf(value, 'a character', 0x10_ffff))
      : stringOf(value, 'a character');
  return type === 's' ? textOf(value) : reprOf(value);
}

/** Python's `format.format(...)`, without attributes of values. */
export function formatBraces(format: string, args: readonly Value[], named: Named): string {
  let next = 0;
  return format.replace(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g, (all, field: string | undefined) => {
    if (all === '{{' || all === '}}') return all[0]!;
    const parts = field === undefined ? null : /^(\w*)((?:\[\w+\])*)(?:!([rsa]))?(?::(.*))?$/s.exec(field);
    if (!parts)
      throw new TemplateFailure(
        `"${all.slice(0, 40)}" is no place of a format`,
        'write {}, {0}, {name} or {:.2f}',
      );
    const [, name = '', keys = '', conversion, spec = ''] = parts;
    let value = /^\d*$/.test(name) ? args[name === '' ? next++ : Number(name)] : named.get(name);
    for (const [, key = ''] of keys.matchAll(/\[(\w+)\]/g))
      value =
        value instanceof Map ? value.get(key) : value === undefined ? undefined : itemsOf(value)[Number(key)];
    if (value === undefined)
      throw new TemplateFailure(`the format asks for "${name || next - 1}${keys}", which is not given`);
    if (conversion !== undefined)
      return formatValue(conversion === 's' ? textOf(value) : reprOf(value), spec);
    return formatValue(value, spec);
  });
}

function formatValue(value: Value, text: string): string {
  if (value instanceof Undefined) throw value.failure();
  const found = /^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/su.exec(
    text,
  );
  if (!found)
    throw new TemplateFailure(
      `"${text.slice(0, 40)}" is no format`,
      'write widths and digits as in {:>8} or {:.2f}',
    );
  const [, fill, align, sign = '-', alternate, zero, width, grouping = '', precision, type = ''] = found;
  const spec: Spec = {
    fill: fill ?? (zero ? '0' : ' '),
    align: align ?? '',
    sign,
    isAlternate: alternate !== undefined,
    width: width === undefined ? 0 : countOf(BigInt(width), 'a width'),
    grouping,
    precision: precision === undefined ? undefined : countOf(BigInt(precision), 'a number of digits'),
    type,
  };
  if (isNumber(value) && typeof value !== 'boolean')
    return padded({ ...spec, ...numberParts(value, spec, false), align: spec.align || (zero ? '=' : '>') });
  if (!['', 's'].includes(type))
    throw new TemplateFailure(`format "${text}" is for numbers: this is ${typeName(value)}`);
  return padded({
    ...spec,
    sign: '',
    text: textOf(value).slice(0, spec.precision),
    align: spec.align || '<',
  });
}

interface Parts {
  readonly sign?: string;
  readonly text: string;
}

function padded({
  sign = '',
  text,
  width,
  align,
  fill,
}: Parts & { width: number; align: string; fill: string }): string {
  const missing = Math.max(0, width - [...sign, ...text].length);
  if (align === '=') return sign + fill.repeat(missing) + text;
  if (align === '^') return fill.repeat(missing >> 1) + sign + text + fill.repeat(missing - (missing >> 1));
  return align === '<' ? sign + text + fill.repeat(missing) : fill.repeat(missing) + sign + text;
}

function numberParts(
  value: Value,
  {
    sign,
    isAlternate,
    precision,
    type,
    grouping,
  }: Pick<Spec, 'sign' | 'isAlternate' | 'precision' | 'type' | 'grouping'>,
  isPercent: boolean,
): Parts {
  if (value instanceof Undefined) throw value.failure();
  if (!isNumber(value)) throw new TemplateFailure(`a format asks for a number: this is ${typeName(value)}`);
  const isWhole = 'bcdnoxX'.includes(type) && type !== '';
  const shown = (isNegative: boolean, text: string): Parts => ({
    sign: isNegative ? '-' : sign === '-' ? '' : sign,
    text: grouping === '' ? text : grouped(text, grouping),
  });
  if (isWhole || (type === '' && typeof value !== 'number')) {
    if (typeof value === 'number' && !(isPercent && type === 'd'))
      throw new TemplateFailure(`format "${type}" asks for a whole number`);
    const whole = typeof value === 'number' ? BigInt(Math.trunc(value)) : BigInt(value);
    const base = { b: 2, o: 8, x: 16, X: 16 }[type] ?? 10;
    const digits = (whole < 0n ? -whole : whole)
      .toString(base)
      .padStart(isPercent ? (precision ?? 0) : 0, '0');
    const prefix = isAlternate && base !== 10 ? `0${type}` : '';
    return shown(whole < 0n, prefix + (type === 'X' ? digits.toUpperCase() : digits));
  }
  const x = Number(value);
  const isNegative = x < 0 || Object.is(x, -0);
  const size = Math.abs(x);
  if (!Number.isFinite(size)) return shown(isNegative, Number.isNaN(x) ? 'nan' : 'inf');
  const text = floatText(size, type, precision);
  return shown(isNegative, /[EGF]/.test(type) ? text.toUpperCase() : text);
}

function floatText(x: number, type: string, precision: number | undefined): string {
  const digits = Math.min(precision ?? 6, 100);
  switch (type.toLowerCase()) {
    case 'f':
      return fixed(x, digits);
    case '%':
      return `${fixed(x * 100, digits)}%`;
    case 'e':
      return exponential(x, digits);
    default:
      if (type === '' && precision === undefined) return reprOf(x);
      return general(x, Math.max(1, digits), type === '');
  }
}

/** `%.nf`: ties, which only exact halves are, go to the even digit as in C. */
export function fixed(x: number, digits: number): string {
  const text =
    Math.abs(x) < 1e21 ? x.toFixed(digits) : `${BigInt(x)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`;
  if (Math.abs(x) >= 1e21 || digits > 40) return text;
  const exact = x.toFixed(Math.min(100, digits + 60));
  const at = exact.indexOf('.') + 1 + digits;
  if (!/^50*$/.test(exact.slice(at))) return text;
  const last = exact[at - 1] === '.' ? exact[at - 2]! : exact[at - 1]!;
  return Number(last) % 2 === 0 ? exact.slice(0, digits === 0 ? at - 1 : at) : text;
}

function exponential(x: number, digits: number): string {
  const [mantissa, power = '0'] = x.toExponential(digits).split('e');
  const size = String(Math.abs(Number(power))).padStart(2, '0');
  return `${mantissa}e${Number(power) < 0 ? '-' : '+'}${size}`;
}

function general(x: number, digits: number, isPlain: boolean): string {
  const power = x === 0 ? 0 : Number(x.toExponential(digits - 1).split('e')[1]);
  const short = (text: string) => (text.includes('.') ? text.replace(/\.?0+(?=e|$)/, '') : text);
  const isExponential = power < -4 || power >= (isPlain ? digits - 1 : digits);
  const text = short(isExponential ? exponential(x, digits - 1) : fixed(x, digits - 1 - power));
  return isPlain && !isExponential && !text.includes('.') ? `${text}.0` : text;
}

function grouped(text: string, mark: string): string {
  const [, whole = '', rest = ''] = /^(\w*?\d*)(\D.*)?$/s.exec(text) ?? [];
  return whole.replace(/\B(?=(?:\d{3})+$)/g, mark) + rest;
}
