import type { KeyReader } from './evaluate.ts';
import type { Order } from './grammar.ts';

/**
 * Sorts a copy. In both directions NaN comes after all numbers, and what lacks the key last; texts by code point;
 * equals stay in the order of `fallback`.
 */
export function sortBy<T>(
  items: readonly T[],
  orders: readonly Order[],
  readKey: KeyReader<T>,
  fallback: (a: T, b: T) => number,
): T[] {
  const rows = items.map((item) => ({ item, values: orders.map(({ key }) => readKey(item, key)) }));
  rows.sort((a, b) => {
    for (let k = 0; k < orders.length; k++) {
      const [x, y] = [a.values[k], b.values[k]];
      const rank = rankOf(x) - rankOf(y);
      if (rank !== 0) return rank;
      const order = compareValues(x, y);
      if (order !== 0) return orders[k]!.ascending ? order : -order;
    }
    return fallback(a.item, b.item);
  });
  return rows.map((row) => row.item);
}

function rankOf(value: unknown): number {
  if (value === undefined) return 2;
  return typeof value === 'number' && Number.isNaN(value) ? 1 : 0;
}

function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  return typeof a === 'string' && typeof b === 'string' ? compareText(a, b) : 0;
}

/** By code point, as Python and SQLite compare. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    let x = a.charCodeAt(i);
    let y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates stand for code points above all others.
    if (x >= 0xd800 && x <= 0xdfff) x += 0x10000;
    if (y >= 0xd800 && y <= 0xdfff) y += 0x10000;
    return x - y;
  }
  return a.length - b.length;
}
