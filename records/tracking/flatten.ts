/** Is it what Python would call a dict? */
function isDict(value: unknown): value is Map<unknown, unknown> | Record<string, unknown> {
  if (value instanceof Map) return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** `{a: 1, c: {b: {x: 5}}, d: [1]}` to `a`, `c.b.x`, `d`: dicts are taken apart, lists are not; an empty dict leaves nothing. Source: qlib `flatten_dict`. */
export function flattenDict(
  dict: Map<unknown, unknown> | Readonly<Record<string, unknown>>,
): [key: string, value: unknown][] {
  const out: [string, unknown][] = [];
  const add = (from: Map<unknown, unknown> | Readonly<Record<string, unknown>>, prefix: string): void => {
    for (const [key, value] of from instanceof Map ? from : Object.entries(from)) {
      const name = prefix ? `${prefix}.${String(key)}` : String(key);
      if (isDict(value)) add(value, name);
      else out.push([name, value]);
    }
  };
  add(dict, '');
  return out;
}
