import type { KeyPath } from '../../../components/core/errors.ts';
import { isMapping } from '../spec.ts';

/** Calls `visit` for every value below `root`, once for what aliases share. */
export function walk(root: unknown, path: KeyPath, visit: (value: unknown, path: KeyPath) => void): void {
  const seen = new Set<unknown>();
  const go = (value: unknown, at: KeyPath) => {
    if (typeof value === 'object' && value !== null) {
      if (seen.has(value)) return;
      seen.add(value);
    }
    visit(value, at);
    if (Array.isArray(value)) for (const [i, item] of value.entries()) go(item, [...at, i]);
    else if (value instanceof Map) for (const [key, item] of value) go(item, [...at, String(key)]);
    else if (isMapping(value)) for (const [key, item] of Object.entries(value)) go(item, [...at, key]);
  };
  go(root, path);
}

/** The value at a path; undefined where it leads nowhere. */
export function valueAt(root: unknown, path: KeyPath): unknown {
  let value: unknown = root;
  for (const step of path) {
    if (Array.isArray(value)) value = typeof step === 'number' ? value[step] : undefined;
    else if (isMapping(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}
