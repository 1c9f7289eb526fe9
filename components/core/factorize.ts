import type { Cells, IndexLevel } from './table.ts';

export interface FactoredLevel extends IndexLevel {
  readonly codes: Int32Array;
}

/** A level by distinct values and codes; those given are kept, else values are sorted as pandas sorts a level. Missing cells get -1. */
export function factorize(level: IndexLevel): FactoredLevel {
  const { codes, values } = level;
  if (codes) return { ...level, codes };
  const places = new Map<unknown, number>();
  const found = new Int32Array(values.length);
  const distinct: unknown[] = [];
  for (let i = 0; i < values.length; i++) {
    const value: unknown = values[i];
    if (value === null || value === undefined || Number.isNaN(value)) {
      found[i] = -1;
      continue;
    }
    let place = places.get(value);
    if (place === undefined) {
      place = distinct.push(value) - 1;
      places.set(value, place);
    }
    found[i] = place;
  }
  const order = sortedOrder(distinct);
  const rank = new Int32Array(distinct.length);
  order.forEach((from, to) => {
    rank[from] = to;
  });
  return {
    name: level.name,
    dtype: level.dtype,
    values: like(
      values,
      order.map((i) => distinct[i]),
    ),
    codes: found.map((c) => (c < 0 ? -1 : rank[c]!)),
  };
}

/** Values in the order of appearance where they do not compare (mixed objects), as pandas leaves them. */
function sortedOrder(values: readonly unknown[]): number[] {
  const order = values.map((_, i) => i);
  const kind = typeof values[0];
  if (!['number', 'string', 'bigint', 'boolean'].includes(kind) || values.some((v) => typeof v !== kind))
    return order;
  const items = values as readonly (number | string | bigint)[];
  return order.sort((a, b) => (items[a]! < items[b]! ? -1 : items[a]! > items[b]! ? 1 : 0));
}

/** The level with one value a row and no codes. */
export function denseLevel(level: IndexLevel): IndexLevel {
  const { codes, values } = level;
  if (!codes) return level;
  const missing = level.dtype === 'object' ? null : Number.NaN;
  const dense = Array.from(codes, (c) => (c < 0 ? missing : values[c]));
  return { name: level.name, dtype: level.dtype, values: like(values, dense), codes: null };
}

/** The items in the same storage as `model`. */
function like(model: Cells, items: readonly unknown[]): Cells {
  if (model instanceof Float64Array) return Float64Array.from(items as number[]);
  if (model instanceof Float32Array) return Float32Array.from(items as number[]);
  if (model instanceof Int32Array) return Int32Array.from(items as number[]);
  if (model instanceof BigInt64Array) return BigInt64Array.from(items as bigint[]);
  if (model instanceof Uint8Array) return Uint8Array.from(items as number[]);
  return items;
}
