import type { CatRandom } from './random.ts';

const forBorders = 200_000;
const forEstimates = 100_000;

/**
 * The rows from whose values CatBoost finds borders, ascending: 200,000 that it draws without repetition, or null for all of fewer. Of more than 100,000 it also
 * draws as many for estimated features, twice, although there are none; so that what follows is the same, we do too. Source: catboost libs/helpers/sample.h,
 * private/libs/algo/fold.cpp.
 */
export function drawSample(length: number, random: CatRandom): Uint32Array | null {
  const rows = length > forBorders ? draw(length, forBorders, random).sort() : null;
  for (let fold = 0; fold < 2 && length > forEstimates; fold++) draw(length, forEstimates, random);
  return rows;
}

function draw(length: number, count: number, random: CatRandom): Uint32Array {
  if (count <= length / Math.log2(count)) {
    const rows = new Set<number>();
    while (rows.size < count) rows.add(random.below(length));
    return Uint32Array.from(rows);
  }
  const rows = Uint32Array.from({ length }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const j = i + random.below(length - i);
    const row = rows[i]!;
    rows[i] = rows[j]!;
    rows[j] = row;
  }
  return rows.slice(0, count);
}
