import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { train } from '../../../../../components/model/gbdt/index.ts';
import { libraryVariable, loadLibrary } from '../../../../../components/model/gbdt/native/library.ts';
import { nativeParams } from '../../../../../components/model/gbdt/native/native-params.ts';
import { resolveParams } from '../../../../../components/model/gbdt/params/resolve.ts';
import { makeCase } from '../made-data.ts';

const library = process.env[libraryVariable] ?? '';
const koffi = (() => {
  try {
    return loadLibrary(library) !== null;
  } catch {
    return false;
  }
})();

describe('backend native', () => {
  it('says what is missing', () => {
    expect(() => loadLibrary('')).toThrow('backend native needs LightGBM itself');
    expect(() => loadLibrary('/nowhere/lib_lightgbm.so', '/nowhere')).toThrow(
      /needs the package koffi|cannot be loaded/,
    );
  });

  it('hands over what differs from the defaults', () => {
    const params = resolveParams({ num_leaves: 7, eval_at: [1, 3], extra_trees: true, objective: 'mse' });
    expect(nativeParams(params)).toBe('num_leaves=7 extra_trees=true metric=l2 eval_at=1,3 verbosity=-1');
  });

  const missing = !existsSync(library)
    ? `${libraryVariable} names no file`
    : koffi
      ? ''
      : 'koffi is not installed';
  const runs = it.skipIf(missing !== '');
  runs(`grows the same trees as our own${missing ? `: skipped, ${missing}` : ''}`, async () => {
    const { columns, label, weight } = makeCase(700, 5, 'real');
    const held = makeCase(300, 6, 'real');
    const data = { columns, label, weight };
    const params = {
      num_leaves: 9,
      feature_fraction: 0.7,
      categorical_feature: [1],
      num_threads: 1,
      deterministic: true,
      force_row_wise: true,
    };
    const grow = (backend: 'own' | 'native') =>
      train({
        params,
        data,
        rounds: 30,
        backend,
        valids: [
          { name: 'train', data },
          { name: 'held', data: held },
        ],
        earlyStopping: { rounds: 3 },
      });
    const [own, native] = [await grow('own'), await grow('native')];
    expect(native.bestIteration).toBe(own.bestIteration);
    expect(native.booster.model.trees.map((t) => [...t.threshold])).toEqual(
      own.booster.model.trees.map((t) => [...t.threshold]),
    );
    const [a, b] = [own, native].map(({ evals }) => evals.get('held')!.get('l2')!);
    expect(b!.length).toBe(a!.length);
    for (const [i, value] of a!.entries()) expect(b![i]).toBeCloseTo(value, 9);
    const predicted = native.booster.predict(held.columns, 300);
    for (const [i, value] of own.booster.predict(held.columns, 300).entries())
      expect(predicted[i]).toBeCloseTo(value, 9);
  });
});
