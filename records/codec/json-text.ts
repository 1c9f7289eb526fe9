import { formatTime } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import { PyDate, PyDateTime, PyFloat, PyObject, PyTimestamp, PyTuple } from '../../components/core/python.ts';
import { dateStr, floatRepr, pythonRepr, pythonStr } from '../pickle/python-repr.ts';
import { NumpyArray, PyGlobal, PyReduced } from '../pickle/values.ts';
import { tableToJson } from './json-table.ts';
import { isIndexTable, isTable } from './tables.ts';

export interface JsonTextOptions {
  /** What JSON can't hold (bytes, cycles, objects of Python classes) is an error; else it is shown as text. */
  readonly strict?: boolean;
  /** Rows of a table that are given; all if left out. */
  readonly maxRows?: number;
  /** The text ends with `...` beyond about this many characters. */
  readonly maxLength?: number;
}

/**
 * A value as JSON text: lists of plain values on one line, the rest indented. NaN, Infinity and -Infinity are written as Python's
 * json module does, ints of any size in digits.
 */
export function jsonText(value: unknown, options: JsonTextOptions = {}): string {
  const writer = new JsonWriter(options);
  return writer.text(value, '', 0);
}

class JsonWriter {
  readonly #options: JsonTextOptions;
  readonly #open = new Set<object>();
  #left: number;

  constructor(options: JsonTextOptions) {
    this.#options = options;
    this.#left = options.maxLength ?? Number.POSITIVE_INFINITY;
  }

  text(value: unknown, indent: string, depth: number): string {
    if (this.#left <= 0) return '...';
    if (typeof value !== 'object' || value === null) return this.#count(scalarText(value));
    const simple = this.#simple(value);
    if (simple !== undefined) return this.#count(simple);
    if (this.#open.has(value)) return this.#unfit('a cycle');
    if (depth > 100) return this.#unfit('nesting of more than 100 levels');
    this.#open.add(value);
    const text = this.#container(value, indent, depth + 1);
    this.#open.delete(value);
    return text;
  }

  #count(text: string): string {
    this.#left -= text.length + 2;
    return text;
  }

  #unfit(what: string): string {
    if (this.#options.strict) throw new UserError(`${what} can't be written as JSON`);
    return '"..."';
  }

  /** Objects that stand for one plain value. */
  #simple(value: object): string | undefined {
    if (value instanceof PyFloat) return floatText(value.value);
    if (value instanceof PyTimestamp) return timeText(value);
    if (value instanceof PyDate || value instanceof PyDateTime) return `"${dateStr(value)}"`;
    if (value instanceof Uint8Array || value instanceof PyReduced || value instanceof PyGlobal) {
      if (this.#options.strict) throw new UserError(`${pythonRepr(value, 80)} can't be written as JSON`);
      return JSON.stringify(pythonStr(value));
    }
    return undefined;
  }

  #container(value: object, indent: string, depth: number): string {
    if (isTable(value) || isIndexTable(value))
      return this.#object(tableToJson(value, this.#options.maxRows), indent, depth);
    if (Array.isArray(value)) return this.#list(value, indent, depth);
    if (value instanceof PyTuple) return this.#list(value.items, indent, depth);
    if (value instanceof Set) return this.#list([...value], indent, depth);
    if (value instanceof NumpyArray) return this.#list(nested(value), indent, depth);
    if (ArrayBuffer.isView(value))
      return this.#list(Array.from(value as unknown as Iterable<unknown>), indent, depth);
    if (value instanceof Map) return this.#object(value, indent, depth);
    if (value instanceof PyObject) {
      if (this.#options.strict)
        throw new UserError(`an object of ${value.module}.${value.name} can't be written as JSON`);
      return this.#object(
        [
          ['class', `${value.module}.${value.name}`],
          ['state', value.state],
        ],
        indent,
        depth,
      );
    }
    return this.#object(Object.entries(value), indent, depth);
  }

  #list(items: readonly unknown[], indent: string, depth: number): string {
    const flat = items.every(
      (item) => typeof item !== 'object' || item === null || this.#simple(item) !== undefined,
    );
    return this.#lines('[', ']', items, indent, flat, (item, inner) => this.text(item, inner, depth));
  }

  #object(entries: Iterable<readonly [unknown, unknown]>, indent: string, depth: number): string {
    return this.#lines('{', '}', [...entries], indent, false, ([key, inner], at) => {
      const name = key instanceof PyTimestamp ? timeText(key) : JSON.stringify(pythonStr(key));
      return this.#count(`${name}: `) + this.text(inner, at, depth);
    });
  }

  #lines<T>(
    open: string,
    close: string,
    items: readonly T[],
    indent: string,
    flat: boolean,
    write: (item: T, indent: string) => string,
  ): string {
    const inner = `${indent}  `;
    this.#left -= inner.length + 4;
    const texts: string[] = [];
    for (const item of items) {
      if (this.#left <= 0) {
        texts.push('...');
        break;
      }
      texts.push(write(item, inner));
    }
    if (flat || texts.length === 0) return `${open}${texts.join(', ')}${close}`;
    return `${open}\n${inner}${texts.join(`,\n${inner}`)}\n${indent}${close}`;
  }
}

function scalarText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number')
    return Number.isInteger(value) && !Object.is(value, -0) ? String(value) : floatText(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  throw new UserError(`a ${typeof value} can't be written as JSON`);
}

function floatText(x: number): string {
  if (Number.isNaN(x)) return 'NaN';
  if (!Number.isFinite(x)) return x > 0 ? 'Infinity' : '-Infinity';
  return floatRepr(x);
}

function timeText({ time }: PyTimestamp): string {
  return Number.isNaN(time) ? '"NaT"' : `"${formatTime(time)}"`;
}

/** Lists of lists as the shape says; a number for an array without dimensions. */
function nested({ shape, dtype, values }: NumpyArray): unknown[] {
  const cells =
    dtype === 'datetime64[ns]'
      ? Array.from(values as ArrayLike<number>, (t) => new PyTimestamp(t))
      : Array.from<unknown>(values as ArrayLike<unknown>);
  let rows: unknown[] = dtype === 'bool' ? cells.map((c) => c === 1) : cells;
  for (let k = shape.length - 1; k > 0; k--) {
    const size = shape[k]!;
    const from = rows;
    const count = shape.slice(0, k).reduce((p, n) => p * n, 1);
    rows = Array.from({ length: count }, (_, i) => from.slice(i * size, (i + 1) * size));
  }
  return rows;
}
