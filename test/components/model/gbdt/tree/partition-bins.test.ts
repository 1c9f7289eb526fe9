import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelData } from '../../../../../components/model/gbdt/booster.ts';
import { missingNaN, missingNone, missingZero } from '../../../../../components/model/gbdt/constants.ts';
import { binColumns } from '../../../../../components/model/gbdt/engine/bin-column.ts';
import { modelMappers } from '../../../../../components/model/gbdt/model-mappers.ts';
import { partitionBins } from '../../../../../components/model/gbdt/tree/partition-bins.ts';
import { partitionRows, type SplitRule } from '../../../../../components/model/gbdt/tree/partition-rows.ts';
import { constantTree, decisionTypeOf } from '../../../../../components/model/gbdt/tree/tree.ts';

const numbers = fc.oneof(
  fc.constantFrom(0, -0, Number.NaN, 1e-36, -1e-36, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  fc.integer({ min: -5, max: 5 }).map((x) => x / 2),
  fc.float({ noNaN: true }),
);

function modelOf(thresholds: readonly number[], decision: number): ModelData {
  const nodes = thresholds.length;
  return {
    trees: [
      {
        ...constantTree(0, 0),
        numLeaves: nodes + 1,
        splitFeature: new Int32Array(nodes),
        threshold: Float64Array.from(thresholds),
        decisionType: new Uint8Array(nodes).fill(decision),
      },
    ],
    treesPerIteration: 1,
    classes: 1,
    objective: null,
    averageOutput: false,
    featureNames: ['x'],
    featureInfos: ['none'],
    parameters: '',
  };
}

describe('partitionBins', () => {
  for (const single of [true, false])
    it(`parts rows as their values do, ${single ? 'float32' : 'float64'}`, () => {
      fc.assert(
        fc.property(
          fc.array(numbers, { minLength: 1, maxLength: 60 }),
          fc.array(
            fc.integer({ min: -6, max: 6 }).map((x) => x / 3 || 0.1),
            { minLength: 1, maxLength: 9 },
          ),
          fc.constantFrom(missingNone, missingNaN, missingZero),
          fc.boolean(),
          (given, thresholds, missing, defaultLeft) => {
            const buffer = new SharedArrayBuffer(8 * given.length);
            const values = single ? new Float32Array(buffer, 0, given.length) : new Float64Array(buffer);
            values.set(given);
            const [mapper] = modelMappers(modelOf(thresholds, decisionTypeOf(missing, defaultLeft)))!;
            const bins = new Uint8Array(new SharedArrayBuffer(given.length));
            const sets = [{ values, rows: null, from: 0, out: bins }];
            const next = new Int32Array(new SharedArrayBuffer(4));
            binColumns({ columns: [{ mapper: mapper!, sets }], next });
            const list = Uint32Array.from(given, (_, i) => i);
            for (const threshold of thresholds) {
              const rule = { threshold, missing, defaultLeft };
              const [a, b] = [new Uint32Array(given.length), new Uint32Array(given.length)];
              for (const order of [null, list]) {
                const left = partitionRows({ values, rows: null }, rule, order, 0, given.length, a);
                expect(partitionBins({ bins, mapper: mapper! }, rule, order, 0, given.length, b)).toBe(left);
                expect(b).toEqual(a);
              }
            }
          },
        ),
        { seed: 1, numRuns: 150 },
      );
    });

  it('refuses a threshold that is no bound of the bins', () => {
    const [mapper] = modelMappers(modelOf([1, 2], decisionTypeOf(missingNone, true)))!;
    const column = { bins: Uint8Array.of(0, 1, 2), mapper: mapper! };
    const rule: SplitRule = { threshold: 1.5, missing: missingNone, defaultLeft: true };
    expect(() => partitionBins(column, rule, null, 0, 3, new Uint32Array(3))).toThrow(
      'no bin ends at 1.5: these bins are not those that the tree was grown on',
    );
  });
});

describe('modelMappers', () => {
  it('gives none where values are needed', () => {
    expect(modelMappers(modelOf([1], 1))).toBeNull();
    expect(modelMappers(modelOf([0], decisionTypeOf(missingZero, true)))).toBeNull();
    const many = Array.from({ length: 256 }, (_, i) => i);
    expect(modelMappers(modelOf(many, 0))).toBeNull();
    expect(modelMappers(modelOf(many.slice(1), 0))).not.toBeNull();
  });

  it('gives a feature that no tree looks at one bin', () => {
    const model = { ...modelOf([1], 0), featureNames: ['x', 'y'], featureInfos: ['none', 'none'] };
    expect(modelMappers(model)!.map((m) => m.trivial)).toEqual([false, true]);
  });
});
