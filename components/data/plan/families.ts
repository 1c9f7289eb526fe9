import type { Plan } from './plan.ts';
import type { Step } from './step.ts';

/** Steps that more fields share do not bind them: they are few, such as yesterday's close, and all fields would be one family. */
const mostShared = 8;

/**
 * The fields of a plan, by index, in groups that share windows: the maximum and its place, a regression's slope and residual. Groups stand in the
 * order of their first field, fields in ascending order.
 */
export function fieldFamilies(plan: Plan): number[][] {
  const users = new Map<Step, number[]>();
  plan.fields.forEach(({ value }, field) => {
    for (const step of windowsBelow(value.step)) {
      const known = users.get(step) ?? [];
      known.push(field);
      users.set(step, known);
    }
  });
  const parent = plan.fields.map((_, field) => field);
  const rootOf = (field: number): number => {
    let root = field;
    while (parent[root] !== root) root = parent[root]!;
    return root;
  };
  for (const fields of users.values()) {
    if (fields.length > mostShared) continue;
    for (const field of fields) {
      const [a, b] = [rootOf(field), rootOf(fields[0]!)];
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  }
  const families = new Map<number, number[]>();
  parent.forEach((_, field) => {
    const root = rootOf(field);
    families.set(root, [...(families.get(root) ?? []), field]);
  });
  return [...families.values()];
}

/** The steps that look at other days, among those that a step needs and itself. */
function windowsBelow(step: Step, found: Set<Step> = new Set(), seen: Set<Step> = new Set()): Set<Step> {
  if (seen.has(step)) return found;
  seen.add(step);
  if (step.outputs.some((value) => !value.pointwise)) found.add(step);
  for (const { value } of step.inputs) windowsBelow(value.step, found, seen);
  return found;
}
