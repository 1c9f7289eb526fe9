import type { CatModelData } from './booster.ts';

/** Features as CatBoost's model files list them, each with the borders that its trees use, and the place of a border among all of them. */
export function modelFeatures({ trees, features }: CatModelData) {
  const borders = Array.from({ length: features }, () => new Set<number>());
  for (const { splitFeature, threshold, numLeaves } of trees)
    for (let node = 0; node < numLeaves - 1; node++) borders[splitFeature[node]!]!.add(threshold[node]!);
  const sorted = borders.map((own) => [...own].sort((a, b) => a - b));
  let before = 0;
  const firsts = sorted.map((own) => {
    before += own.length;
    return before - own.length;
  });
  const info = sorted.map((own, f) => ({
    borders: own,
    feature_id: '',
    feature_index: f,
    flat_feature_index: f,
    has_nans: true,
    // a missing value is not above any border
    nan_value_treatment: 'AsFalse',
  }));
  const splitIndex = (feature: number, border: number) => firsts[feature]! + sorted[feature]!.indexOf(border);
  return { info, splitIndex };
}
