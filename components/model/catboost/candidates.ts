/** Features whose borders compete first with each other; the best of each candidate compete with those of the others. */
export type Candidate = readonly number[];

const packSize = 8;

/** CatBoost's candidates: every feature of several borders, then those of one border in packs of eight. Features without borders are none. */
export function makeCandidates(borders: readonly Float32Array[]): readonly Candidate[] {
  const several = borders.flatMap((b, f) => (b.length > 1 ? [[f]] : []));
  const binary = borders.flatMap((b, f) => (b.length === 1 ? [f] : []));
  const packs = [];
  for (let i = 0; i < binary.length; i += packSize) packs.push(binary.slice(i, i + packSize));
  return [...several, ...packs];
}
