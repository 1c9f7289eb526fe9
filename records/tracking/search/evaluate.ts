import type { Clause, Key } from './grammar.ts';
import { likePattern } from './like.ts';

/** The value of a key: undefined where the thing has none. Several for the data sets of a run. */
export type KeyReader<T> = (item: T, key: Key) => number | string | undefined | readonly string[];

/**
 * Makes a test of a filter. What lacks a key never matches, not even `!=` (only IS NULL); a NaN metric matches `!=` alone.
 * Of several values one must match.
 */
export function compileFilter<T>(clauses: readonly Clause[], readKey: KeyReader<T>): (item: T) => boolean {
  const tests = clauses.map((clause) => {
    const test = compileTest(clause);
    return (item: T): boolean => {
      const value = readKey(item, clause.key);
      return Array.isArray(value) ? value.some(test) : test(value as string | number | undefined);
    };
  });
  return (item) => tests.every((test) => test(item));
}

type Test = (value: string | number | undefined) => boolean;

function compileTest({ comparison, value: wanted }: Clause): Test {
  if (comparison === 'IS NULL') return (v) => v === undefined;
  if (comparison === 'IS NOT NULL') return (v) => v !== undefined;
  if (Array.isArray(wanted)) {
    const set = new Set<unknown>(wanted);
    return comparison === 'IN' ? (v) => v !== undefined && set.has(v) : (v) => v !== undefined && !set.has(v);
  }
  if (typeof wanted === 'number') {
    const compare = numberTests[comparison] ?? (() => false);
    return (v) => typeof v === 'number' && compare(v, wanted);
  }
  if (comparison === 'LIKE' || comparison === 'ILIKE') {
    const pattern = likePattern(String(wanted), comparison === 'ILIKE');
    return (v) => v !== undefined && pattern.test(String(v));
  }
  return comparison === '=' ? (v) => v === wanted : (v) => v !== undefined && v !== wanted;
}

const numberTests: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};
