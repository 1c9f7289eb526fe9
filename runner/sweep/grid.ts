import { UserError } from '../../components/core/errors.ts';
import { activeOnly, rangeText } from './draw.ts';
import type { Assignment, Parameter, ValueText } from './types.ts';

const maxPoints = 1_000_000;

/** All combinations, the first parameter changing slowest; a parameter that is not active has no values. */
export function gridAssignments(parameters: readonly Parameter[]): Assignment[] {
  const lists = parameters.map(gridValues);
  const size = lists.reduce((n, list) => n * list.length, 1);
  if (size > maxPoints)
    throw new UserError(`the grid has ${size} points`, {
      hint: `the limit is ${maxPoints}; use method: random`,
    });
  const found = new Map<string, Assignment>();
  for (let i = 0; i < size; i++) {
    const values = new Map<string, ValueText>();
    let rest = i;
    for (let p = parameters.length - 1; p >= 0; p--) {
      const list = lists[p]!;
      values.set(parameters[p]!.key, list[rest % list.length]!);
      rest = Math.floor(rest / list.length);
    }
    const active = activeOnly(parameters, values);
    const ordered = new Map(
      parameters.flatMap(({ key }) => (active.has(key) ? [[key, active.get(key)!] as const] : [])),
    );
    found.set(JSON.stringify([...ordered]), ordered);
  }
  return [...found.values()];
}

/** The values of a parameter in a grid. @throws UserError for a range without steps. */
export function gridValues(parameter: Parameter): readonly ValueText[] {
  if (parameter.kind === 'choice') return parameter.values;
  const { key, min, max, step, stepFrom, normal } = parameter;
  if (step === undefined || normal)
    throw new UserError(`${key} has no steps, a grid needs them`, {
      hint: 'give values: [...], or step: beside min and max, or another method',
      path: ['parameters', key],
    });
  const first = Math.ceil((min - stepFrom) / step - 1e-9);
  const last = Math.floor((max - stepFrom) / step + 1e-9);
  if (last - first > maxPoints)
    throw new UserError(`${key} has too many values`, { path: ['parameters', key] });
  return Array.from({ length: last - first + 1 }, (_, i) =>
    rangeText(parameter, stepFrom + (first + i) * step),
  );
}
