import type { FeatureColumn } from '../gbdt/index.ts';
import { bundleFeatures } from './bundles.ts';

/** Features whose borders compete first with each other; the best of each candidate compete with those of the others. */
export type Candidate = readonly number[];

const packSize = 8;

/**
 * CatBoost's candidates in its order: features alone, bundles of features of which no row has more than one above its first border, and features of one border in
 * packs of eight. Features without borders are none.
 */
export function makeCandidates(
  borders: readonly Float32Array[],
  columns: readonly FeatureColumn[],
  length: number,
): readonly Candidate[] {
  const bundles = bundleFeatures(borders, columns, length);
  const bundled = new Set(bundles.flat());
  const alone = borders.flatMap((b, f) => (b.length > 1 && !bundled.has(f) ? [[f]] : []));
  const binary = borders.flatMap((b, f) => (b.length === 1 && !bundled.has(f) ? [f] : []));
  const packs = [];
  for (let i = 0; i < binary.length; i += packSize) packs.push(binary.slice(i, i + packSize));
  return [...alone, ...bundles, ...packs];
}
