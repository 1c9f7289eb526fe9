import { formatTime } from '../../components/core/dates.ts';
import { PyDate, PyDateTime, PyFloat, PyObject, PyTimestamp, PyTuple } from '../../components/core/python.ts';
import { NumpyArray, PyGlobal, PyReduced } from './values.ts';

/** Nesting below this is shown as `...`. */
const maxDepth = 100;

/** Python's `repr`: `'a'`, `1.0`, `1e-05`, `True`, `None`, `[1, 2]`, `{'a': 1}`. Whole numbers are ints; see `PyFloat`. About `limit` characters are made at most. */
export function pythonRepr(value: unknown, limit = 10_000_000): string {
  return new Repr(limit).text(value, 0);
}

/** Python's `str`: a string as it is, anything else as `pythonRepr`. */
export function pythonStr(value: unknown, limit?: number): string {
  if (value instanceof PyDate || value instanceof PyDateTime) return dateStr(value);
  return typeof value === 'string' ? value : pythonRepr(value, limit);
}

/** Python's `repr` of a float: shortest digits that read back the same, an exponent below 1e-4 and from 1e16 on. */
export function floatRepr(x: number): string {
  if (Number.isNaN(x)) return 'nan';
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf';
  if (x === 0) return Object.is(x, -0) ? '-0.0' : '0.0';
  const [mantissa = '', power = ''] = x.toExponential().split('e');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  const text = exponent < 0 ? x.toFixed(mantissa.replace(/[-.]/g, '').length - 1 - exponent) : String(x);
  return text.includes('.') ? text : `${text}.0`;
}

/** Python's `repr` of a str: single quotes unless only they occur inside. */
export function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[\\\p{C}\p{Zl}\p{Zp}'"\u00a0]/gu, (c) => {
    if (c === "'" || c === '"') return c === quote ? `\\${c}` : c;
    if (c === '\\') return '\\\\';
    if (c === '\n') return '\\n';
    if (c === '\r') return '\\r';
    if (c === '\t') return '\\t';
    const code = c.codePointAt(0)!;
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code < 0x1_0000
      ? `\\u${code.toString(16).padStart(4, '0')}`
      : `\\U${code.toString(16).padStart(8, '0')}`;
  });
  return `${quote}${escaped}${quote}`;
}

/** Makes one text; values that share parts may describe far more than they hold, so the characters are counted. */
class Repr {
  #left: number;
  readonly #open = new Set<object>();

  constructor(limit: number) {
    this.#left = limit;
  }

  text(value: unknown, depth: number): string {
    if (this.#left <= 0) return '...';
    const simple = this.#simple(value);
    if (simple !== undefined) {
      this.#left -= simple.length + 2;
      return simple;
    }
    const object = value as object;
    if (depth > maxDepth || this.#open.has(object)) return '...';
    this.#left -= 2;
    this.#open.add(object);
    const text = this.#container(object, depth + 1);
    this.#open.delete(object);
    return text;
  }

  /** The text of a value without parts. */
  #simple(value: unknown): string | undefined {
    if (value === null || value === undefined) return 'None';
    if (typeof value === 'boolean') return value ? 'True' : 'False';
    if (typeof value === 'number')
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : floatRepr(value);
    if (typeof value === 'string') return stringRepr(value.slice(0, this.#left));
    if (typeof value !== 'object') return String(value);
    if (value instanceof PyFloat) return floatRepr(value.value);
    if (value instanceof PyTimestamp) return timestampRepr(value);
    if (value instanceof PyDate || value instanceof PyDateTime) return dateRepr(value);
    if (value instanceof PyReduced) return value.text;
    if (value instanceof PyGlobal) return `<class '${value.path}'>`;
    return value instanceof Uint8Array ? bytesRepr(value.subarray(0, this.#left)) : undefined;
  }

  #container(value: object, depth: number): string {
    const show = (inner: unknown) => this.text(inner, depth);
    const items = (all: Iterable<unknown>) => this.#joined(all, show);
    if (Array.isArray(value)) return `[${items(value)}]`;
    if (value instanceof PyTuple)
      return value.items.length === 1 ? `(${show(value.items[0])},)` : `(${items(value.items)})`;
    if (value instanceof Set) return value.size === 0 ? 'set()' : `{${items(value)}}`;
    if (value instanceof PyObject) return `<${value.module}.${value.name} ${show(value.state)}>`;
    if (value instanceof NumpyArray)
      return `array(${items(value.values as ArrayLike<unknown> & Iterable<unknown>)})`;
    if (ArrayBuffer.isView(value)) return `array([${items(value as unknown as Iterable<unknown>)}])`;
    const entries: Iterable<[unknown, unknown]> = value instanceof Map ? value : Object.entries(value);
    return `{${this.#joined(entries, ([k, v]) => `${show(k)}: ${show(v)}`)}}`;
  }

  #joined<T>(all: Iterable<T>, show: (item: T) => string): string {
    const texts: string[] = [];
    for (const item of all) {
      if (this.#left <= 0) {
        texts.push('...');
        break;
      }
      texts.push(show(item));
    }
    return texts.join(', ');
  }
}

function timestampRepr({ time }: PyTimestamp): string {
  if (Number.isNaN(time)) return 'NaT';
  const text = formatTime(time);
  return `Timestamp('${text.length > 10 ? text : `${text} 00:00:00`}')`;
}

function dateRepr(value: PyDate | PyDateTime): string {
  const date = new Date(value.time);
  const parts = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  if (value instanceof PyDate) return `datetime.date(${parts.join(', ')})`;
  parts.push(date.getUTCHours(), date.getUTCMinutes());
  const second = date.getUTCSeconds();
  if (second !== 0 || value.microseconds !== 0) parts.push(second);
  if (value.microseconds !== 0) parts.push(value.microseconds);
  return `datetime.datetime(${parts.join(', ')})`;
}

/** Python's `str` of a date or naive datetime: `2020-01-02`, `2020-01-02 09:30:00.000001`. */
export function dateStr(value: PyDate | PyDateTime): string {
  const text = formatTime(value.time);
  if (value instanceof PyDate) return text.slice(0, 10);
  const full = text.length > 10 ? text : `${text} 00:00:00`;
  return value.microseconds === 0 ? full : `${full}.${String(value.microseconds).padStart(6, '0')}`;
}

function bytesRepr(bytes: Uint8Array): string {
  const text = Array.from(bytes, (b) => {
    if (b === 0x5c) return '\\\\';
    if (b === 0x27) return "\\'";
    if (b >= 0x20 && b < 0x7f) return String.fromCharCode(b);
    return b === 10 ? '\\n' : b === 13 ? '\\r' : b === 9 ? '\\t' : `\\x${b.toString(16).padStart(2, '0')}`;
  });
  return `b'${text.join('')}'`;
}
