import { PyFloat } from '../../components/core/python.ts';
import type { Random } from './random.ts';
import type { Assignment, Choice, Parameter, Range, ValueText } from './types.ts';
import { yamlText } from './yaml-text.ts';

/** Draws values for all parameters that are active; conditions look at parameters drawn before or after, in rounds. */
export function drawAssignment(parameters: readonly Parameter[], random: Random): Assignment {
  const drawn = new Map(parameters.map((p) => [p.key, draw(p, random)]));
  return activeOnly(parameters, drawn);
}

/** The values of parameters whose conditions hold; one whose condition names an inactive parameter is inactive itself. */
export function activeOnly(parameters: readonly Parameter[], values: Assignment): Assignment {
  const active = new Map(values);
  for (let changed = true; changed; ) {
    changed = false;
    for (const { key, when } of parameters)
      if (active.has(key) && [...when].some(([other, allowed]) => !allowed.has(active.get(other) ?? '\0'))) {
        active.delete(key);
        changed = true;
      }
  }
  return active;
}

function draw(parameter: Parameter, random: Random): ValueText {
  return parameter.kind === 'choice'
    ? drawChoice(parameter, random)
    : rangeText(parameter, drawRange(parameter, random));
}

function drawChoice({ values, probabilities }: Choice, random: Random): ValueText {
  if (!probabilities) return values[random.below(values.length)]!;
  let left = random.uniform() * probabilities.reduce((a, b) => a + b, 0);
  for (const [i, p] of probabilities.entries()) {
    left -= p;
    if (left < 0) return values[i]!;
  }
  return values[probabilities.findLastIndex((p) => p > 0)]!;
}

function drawRange(parameter: Range, random: Random): number {
  const { normal } = parameter;
  if (normal) return fromScale(parameter, normal.mu + normal.sigma * random.normal());
  const { low, high } = limits(parameter);
  return fromScale(parameter, low + random.uniform() * (high - low));
}

/** Limits on the scale on which the parameter is even. Steps get room so that both ends are as likely as the others. */
export function limits(parameter: Range): { low: number; high: number } {
  const { min, max, step, scale } = parameter;
  const room = step !== undefined && scale === 'linear' ? step / 2 : 0;
  return { low: toScale(parameter, min) - room, high: toScale(parameter, max) + room };
}

export function toScale({ scale, min, max }: Range, value: number): number {
  if (scale === 'linear') return value;
  return scale === 'log' ? Math.log(value) : Math.log(min + max - value);
}

export function fromScale({ scale, min, max }: Range, value: number): number {
  if (scale === 'linear') return value;
  return scale === 'log' ? Math.exp(value) : min + max - Math.exp(value);
}

/** The value as text: to the nearest step, within the limits. */
export function rangeText({ step, stepFrom, min, max, isInteger }: Range, value: number): ValueText {
  let x = value;
  if (step !== undefined) {
    x = stepFrom + Math.round((x - stepFrom) / step) * step;
    if (x > max + step * 1e-9) x = stepFrom + Math.floor((max - stepFrom) / step + 1e-9) * step;
    if (x < min - step * 1e-9) x = stepFrom + Math.ceil((min - stepFrom) / step - 1e-9) * step;
    // 0.1 + 2 * 0.1 is 0.3
    x = Number(x.toPrecision(12));
  } else x = Math.min(max, Math.max(min, x));
  return isInteger ? String(Math.round(x)) : yamlText(new PyFloat(x));
}
