import { categoryOf } from '../bins/bin-mapper.ts';
import { valued } from '../data.ts';
import type { Engine } from '../engine/engine.ts';

/** Parts the rows of a leaf by the values of categories that go left, where their bins are not laid out; both sides in their order; returns how many go left. */
export function partitionCategories(
  engine: Engine,
  {
    begin,
    rows: count,
    identity,
  }: { readonly begin: number; readonly rows: number; readonly identity: boolean },
  column: number,
  categories: readonly number[],
): number {
  const { layout, shared } = engine;
  const { buffer } = shared.memory;
  const list = new Uint32Array(buffer, layout.rows, shared.train.length);
  const spare = new Uint32Array(buffer, layout.spareRows, shared.train.length);
  const { values, rows } = valued(shared.train.columns[column]!);
  const goesLeft = new Set(categories);
  let left = begin;
  let right = 0;
  for (let i = begin; i < begin + count; i++) {
    const row = identity ? i : list[i]!;
    if (goesLeft.has(categoryOf(values[rows ? rows[row]! : row]!))) list[left++] = row;
    else spare[right++] = row;
  }
  list.set(spare.subarray(0, right), left);
  return left - begin;
}
