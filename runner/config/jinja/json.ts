import { floatRepr } from '../../../records/pickle/python-repr.ts';
import { TemplateFailure } from './failure.ts';
import { compare, Tuple, typeName, Undefined, type Value } from './values.ts';

/** Jinja's `tojson`: `json.dumps` with sorted keys, and with `<`, `>`, `&` and `'` escaped. */
export function jsonOf(value: Value, indent: number | undefined): string {
  return dumped(value, indent, 0).replace(/[<>&']/g, (c) => escaped(c.charCodeAt(0)));
}

const escaped = (code: number) => `\\u${code.toString(16).padStart(4, '0')}`;

function dumped(value: Value, indent: number | undefined, depth: number): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number')
    return Number.isNaN(value)
      ? 'NaN'
      : Number.isFinite(value)
        ? floatRepr(value)
        : value > 0
          ? 'Infinity'
          : '-Infinity';
  if (typeof value === 'string')
    return JSON.stringify(value).replace(/[\x7f-\uffff]/g, (c) => escaped(c.charCodeAt(0)));
  if (value instanceof Undefined) throw value.failure();
  if (depth > 100) throw new TemplateFailure('too deeply nested or too large');
  const inner = (item: Value) => dumped(item, indent, depth + 1);
  const joined = (open: string, items: readonly string[], close: string) => {
    if (indent === undefined || items.length === 0) return `${open}${items.join(', ')}${close}`;
    const line = (level: number) => `\n${' '.repeat(indent * level)}`;
    return `${open}${line(depth + 1)}${items.join(`,${line(depth + 1)}`)}${line(depth)}${close}`;
  };
  if (Array.isArray(value)) return joined('[', value.map(inner), ']');
  if (value instanceof Tuple) return joined('[', value.items.map(inner), ']');
  if (!(value instanceof Map)) throw new TemplateFailure(`${typeName(value)} is no JSON`);
  const key = (name: Value) => (typeof name === 'string' ? inner(name) : `"${inner(name)}"`);
  const entries = [...value].sort(([a], [b]) => compare(a, b));
  return joined(
    '{',
    entries.map(([name, item]) => `${key(name)}: ${inner(item)}`),
    '}',
  );
}
