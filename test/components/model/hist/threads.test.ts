import { afterAll, describe, expect, it } from 'vitest';
import { WorkerPool } from '../../../../components/core/workers.ts';
import { trainCat } from '../../../../components/model/catboost/train.ts';
import { Random } from '../../../../components/model/gbdt/random.ts';
import { trainXgb } from '../../../../components/model/xgb/train.ts';

describe('boosting on threads', () => {
  const pool = new WorkerPool(3);
  afterAll(() => pool.close());
  const rows = 21_000;
  const random = new Random(4);
  const columns = Array.from({ length: 96 }, (_, f) => {
    const values = new Float32Array(new SharedArrayBuffer(4 * rows));
    for (let i = 0; i < rows; i++) values[i] = random.nextShort(0, 3 + f);
    return { values, rows: null };
  });
  const label = columns[0]!.values.map((x, i) => x * columns[7]!.values[i]! + random.nextFloat());
  const data = { columns, label };

  it('grows the same trees with XGBoost on one and on three', async () => {
    const params = { max_depth: 3, subsample: 0.7, colsample_bynode: 0.5 };
    const [one, three] = await Promise.all(
      [1, 3].map((nthread) => trainXgb({ params: { ...params, nthread }, data, rounds: 2, pool })),
    );
    expect(three!.toJson()).toBe(one!.toJson());
  });
  it('grows the same trees with CatBoost on one and on three', async () => {
    const valid = {
      columns: columns.map(({ values }) => ({ values: values.slice(0, 500), rows: null })),
      label: label.slice(0, 500),
    };
    const [one, three] = await Promise.all(
      [1, 3].map((thread_count) =>
        trainCat({ params: { depth: 3, thread_count }, data, valid, iterations: 2, stopAfter: 2, pool }),
      ),
    );
    expect(three!.toJson()).toBe(one!.toJson());
  });
});
