import { valueAt } from './rules/walk.ts';
import { isMapping, isPlaceholder } from './spec.ts';

/**
 * A copy of a task's tree with placeholders filled in: a string that is a key of `values` becomes its value, `<a.b.0>` the value at that path
 * of the tree (qlib's `fill_placeholder`, which does it in place). Nothing given is changed; what needs no filling is shared.
 */
export function fillPlaceholders(tree: unknown, values: ReadonlyMap<string, unknown>): unknown {
  const done = new Map<unknown, unknown>();
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') {
      if (values.has(value)) return values.get(value);
      return isPlaceholder(value) ? (referredTo(tree, value) ?? value) : value;
    }
    if (!Array.isArray(value) && !isMapping(value)) return value;
    if (!done.has(value)) {
      done.set(value, value);
      done.set(value, Array.isArray(value) ? fillList(value) : fillMapping(value));
    }
    return done.get(value);
  };
  const fillList = (list: readonly unknown[]) => {
    const filled = list.map(fill);
    return filled.every((item, i) => item === list[i]) ? list : filled;
  };
  const fillMapping = (map: Readonly<Record<string, unknown>>) => {
    const filled: Record<string, unknown> = Object.create(null);
    for (const [key, value] of Object.entries(map)) filled[key] = fill(value);
    return Object.keys(map).every((key) => filled[key] === map[key]) ? map : filled;
  };
  return fill(tree);
}

/** qlib: `<dataset.kwargs.segments.train.0>` is the value at that path of the task. */
export function referredTo(task: unknown, placeholder: string): unknown {
  const steps = placeholder
    .slice(1, -1)
    .split('.')
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  return valueAt(task, steps);
}
