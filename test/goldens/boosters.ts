import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import type { Booster } from '../../components/model/gbdt/index.ts';
import { Difference } from './support.ts';

/** Bytes of a gzipped file. */
export const raw = (path: string): Buffer => gunzipSync(readFileSync(path));

/** Figures by set, metric and iteration, to 1e-7. */
export function compareEvals(
  ours: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>,
  theirs: Record<string, Record<string, number[]>>,
  tolerance = 1e-7,
): void {
  const difference = new Difference(tolerance);
  for (const [set, metrics] of Object.entries(theirs))
    for (const [metric, values] of Object.entries(metrics)) {
      const own = ours.get(set)?.get(metric) ?? [];
      expect(own.length, `${set} ${metric}`).toBe(values.length);
      for (const [i, value] of values.entries())
        difference.add(own[i]!, value, () => `${set} ${metric} of iteration ${i}`);
    }
  difference.check();
}

/** Same features, thresholds, counts and children; values to 1e-6; the rest of the file to what its digits say. */
export function compareTrees(ours: Booster, theirs: Booster): void {
  expect(ours.model.trees.length).toBe(theirs.model.trees.length);
  const values = new Difference(1e-6, 1e-9);
  for (const [t, tree] of theirs.model.trees.entries()) {
    const own = ours.model.trees[t]!;
    const where = `tree ${t}`;
    expect(own.numLeaves, where).toBe(tree.numLeaves);
    expect([...own.splitFeature], `${where} features`).toEqual([...tree.splitFeature]);
    expect([...own.threshold], `${where} thresholds`).toEqual([...tree.threshold]);
    expect([...own.decisionType], `${where} decision types`).toEqual([...tree.decisionType]);
    expect([...own.leftChild], `${where} left children`).toEqual([...tree.leftChild]);
    expect([...own.rightChild], `${where} right children`).toEqual([...tree.rightChild]);
    expect([...own.leafCount], `${where} leaf counts`).toEqual([...tree.leafCount]);
    for (const [leaf, value] of tree.leafValue.entries())
      values.add(own.leafValue[leaf]!, value, () => `${where} leaf ${leaf}`);
    for (const [leaf, value] of tree.leafWeight.entries())
      values.add(own.leafWeight[leaf]!, value, () => `${where} weight of leaf ${leaf}`);
  }
  values.check(0);
  expect(ours.model.featureInfos).toEqual(theirs.model.featureInfos);
  expect(ours.model.objective).toBe(theirs.model.objective);
}
