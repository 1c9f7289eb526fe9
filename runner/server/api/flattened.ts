const most = 2000;

/** A tree as texts by path: `task.model.kwargs.lr`. Leaves are JSON. */
export function flattened(tree: unknown): Record<string, string> {
  const out: Record<string, string> = Object.create(null);
  let count = 0;
  const walk = (value: unknown, path: string): void => {
    if (count >= most) return;
    if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
      const entries = Object.entries(value);
      if (entries.length > 0 && !(Array.isArray(value) && value.every((item) => typeof item !== 'object'))) {
        for (const [key, item] of entries) walk(item, path === '' ? key : `${path}.${key}`);
        return;
      }
    }
    count++;
    out[path] = typeof value === 'string' ? value : JSON.stringify(value);
  };
  walk(tree, '');
  return out;
}
