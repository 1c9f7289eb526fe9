import { parseTime } from '../../components/core/dates.ts';
import type { KeyPath } from '../../components/core/errors.ts';
import { isMapping, isPlaceholder, isReady } from './spec.ts';

/** What a schema says must be looked at by others: a nested class config, or an expression. */
export type Part =
  | {
      readonly type: 'component';
      readonly kind: string;
      readonly defaultModule: string | undefined;
      readonly value: unknown;
      readonly path: KeyPath;
    }
  | { readonly type: 'expression'; readonly text: string; readonly path: KeyPath };

/** Keyword `component`: whether the value can be a component of that kind; a class config is given to `found`. */
export function mayBeComponent(
  kind: string,
  value: unknown,
  schema: Readonly<Record<string, unknown>> | undefined,
  path: () => KeyPath,
  found: Part[],
): boolean {
  if (isReady(value) || mayBecome(kind, value)) return true;
  if (typeof value !== 'string' && !isMapping(value)) return false;
  const module = schema?.['defaultModule'];
  const defaultModule = typeof module === 'string' ? module : undefined;
  found.push({ type: 'component', kind, defaultModule, value, path: path() });
  return true;
}

/** A placeholder that may stand for a component of that kind; `<MODEL>` is no record. */
function mayBecome(kind: string, value: unknown): boolean {
  if (!isPlaceholder(value)) return false;
  return !['<MODEL>', '<DATASET>', '<PRED>'].includes(value) || value.slice(1, -1).toLowerCase() === kind;
}

/** Keyword `expression`: a text is given to `found`. */
export function collectExpression(isOn: boolean, value: unknown, path: () => KeyPath, found: Part[]): void {
  if (isOn && typeof value === 'string') found.push({ type: 'expression', text: value, path: path() });
}

/** Keyword `date`: text that is a date; null is left to `type`. */
export function mayBeDate(isOn: boolean, value: unknown): boolean {
  if (!isOn || value === null) return true;
  return typeof value === 'string' && parseTime(value) !== undefined;
}

/** Each part once, in the order in which they were found first. */
export function distinctParts(parts: readonly Part[]): readonly Part[] {
  return parts.filter((part, i) => i === parts.findIndex((p) => isSamePart(p, part)));
}

const isSamePart = (a: Part, b: Part) => a.type === b.type && a.path.join('\0') === b.path.join('\0');
