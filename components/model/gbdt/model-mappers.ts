import { type BinMapper, binOf } from './bins/bin-mapper.ts';
import { nextUp } from './bins/next-up.ts';
import type { ModelData } from './booster.ts';
import { type MissingType, missingNaN, missingZero, zeroThreshold } from './constants.ts';
import { categoricalBit, missingTypeOf } from './tree/tree.ts';

const mostBins = 256;

/**
 * For each feature of a model the coarsest bins by which its trees decide as they do by values: one between two thresholds. Null where there are none
 * of at most 256 bins: splits by categories, more thresholds, or thresholds within what counts as zero.
 */
export function modelMappers(model: ModelData): BinMapper[] | null {
  const thresholds = model.featureNames.map(() => new Set<number>());
  const missing = new Map<number, MissingType>();
  for (const { numLeaves, splitFeature, threshold, decisionType } of model.trees)
    for (let node = 0; node < numLeaves - 1; node++) {
      const type = decisionType[node]!;
      const feature = splitFeature[node]!;
      const known = missing.get(feature) ?? missingTypeOf(type);
      if (type & categoricalBit || known !== missingTypeOf(type)) return null;
      missing.set(feature, known);
      thresholds[feature]!.add(threshold[node]!);
    }
  const mappers = thresholds.map((own, feature) => mapperOf([...own], missing.get(feature)));
  return mappers.every((mapper) => mapper !== null) ? mappers : null;
}

function mapperOf(thresholds: readonly number[], missing: MissingType | undefined): BinMapper | null {
  const bounds = new Set(thresholds);
  if (missing === missingZero) {
    if (thresholds.some((x) => Math.abs(x) < zeroThreshold)) return null;
    bounds.add(-nextUp(zeroThreshold)).add(zeroThreshold);
  }
  const sorted = [...bounds.add(Number.POSITIVE_INFINITY)].sort((a, b) => a - b);
  if (missing === missingNaN) sorted.push(Number.NaN);
  if (sorted.length > mostBins) return null;
  const mapper: BinMapper = {
    kind: 'numerical',
    bins: sorted.length,
    categories: new Int32Array(0),
    upperBounds: Float64Array.from(sorted),
    missing: missing ?? 0,
    defaultBin: 0,
    mostFrequentBin: 0,
    trivial: thresholds.length === 0,
    min: Number.NaN,
    max: Number.NaN,
  };
  return { ...mapper, defaultBin: binOf(mapper, 0) };
}
