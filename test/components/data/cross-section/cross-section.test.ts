import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkerPool } from '../../../../components/core/workers.ts';
import { dayKernels } from '../../../../components/data/cross-section/kernels.ts';
import { writeDemoMarket } from '../../../../components/data/demo/write-market.ts';
import { openData } from '../../../../components/data/folder-provider.ts';
import type { DataProvider } from '../../../../components/data/provider.ts';

const run = (name: string, ...inputs: number[][]) => {
  const out = new Float64Array(inputs[0]!.length);
  dayKernels[name]!(inputs, out);
  return [...out];
};

describe('dayKernels', () => {
  // pandas: Series([3, 1, nan, 3, 2]).rank(pct=True)
  it('ranks as shares, ties by their mean', () => {
    expect(run('CSRank', [3, 1, Number.NaN, 3, 2])).toEqual([0.875, 0.25, Number.NaN, 0.875, 0.5]);
  });

  it('standardizes and demeans', () => {
    expect(run('CSZScore', [1, 2, 3, Number.NaN])).toEqual([-1, 0, 1, Number.NaN]);
    expect(run('CSZScore', [2, 2])).toEqual([Number.NaN, Number.NaN]);
    expect(run('CSDemean', [1, 2, 6])).toEqual([-2, -1, 3]);
  });

  it('takes the mean of its group from each', () => {
    expect(run('GroupNeutralize', [1, 3, 10, 5], [1, 1, 2, Number.NaN])).toEqual([-1, 1, 0, Number.NaN]);
  });

  it('does not depend on the order of instruments', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 20 }), (x) => {
        expect(run('CSRank', x.toReversed()).toReversed()).toEqual(run('CSRank', x));
      }),
    );
  });
});

describe('features across instruments', () => {
  const pool = new WorkerPool(2);
  let folder: string;
  let data: DataProvider;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'qrun-cs-'));
    writeDemoMarket(join(folder, 'market'), { instruments: 10, years: 2, seed: 3 });
    data = openData(join(folder, 'market'), { pool });
  });
  afterAll(async () => {
    await pool.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const features = (...expressions: string[]) =>
    data.features({
      instruments: 'all',
      fields: expressions.map((expression) => ({ group: null, name: expression, expression })),
      start: Date.UTC(2023, 0, 1),
      end: Date.UTC(2023, 11, 31),
    });

  it('ranks the instruments of each day', async () => {
    const { index, columns } = await features('$close', 'CSRank($close)');
    const [close, rank] = columns;
    for (let t = 0; t < index.times.length; t++) {
      const [from, to] = [index.offsets[t]!, index.offsets[t + 1]!];
      const want = run('CSRank', [...close!.values.subarray(from, to)]).map(Math.fround);
      expect([...rank!.values.subarray(from, to)]).toEqual(want);
    }
  });

  it('goes on inside of other operators, and within each other', async () => {
    const { columns } = await features(
      'Mean(CSRank($close),1)',
      'CSRank($close)',
      'CSRank(CSRank($close))',
      'CSDemean($close-$close)',
    );
    expect(columns[0]!.values).toEqual(columns[1]!.values);
    expect(columns[2]!.values).toEqual(columns[1]!.values);
    expect(columns[3]!.values.every((x) => x === 0 || Number.isNaN(x))).toBe(true);
  });

  it('leaves no trace in what was read', async () => {
    await features('CSZScore($volume)');
    const fields = new Set(data.reads!().frequencies.flatMap((f) => f.bins.map((b) => b.field)));
    expect([...fields].filter((f) => f.startsWith('__'))).toEqual([]);
  });

  it('warns of nothing that is not in the folder', async () => {
    const warnings: string[] = [];
    const log = { info() {}, metric() {}, progress() {}, warn: (text: string) => void warnings.push(text) };
    const own = openData(join(folder, 'market'), { pool, log });
    const fields = [{ group: null, name: 'x', expression: '$open + CSRank(Mean(Ref($close, 30), 5))' }];
    await own.features({ instruments: 'all', fields, start: null, end: null });
    expect(warnings).toEqual([]);
  });

  it('keeps requests at the same time apart', async () => {
    const [ranks, scores] = await Promise.all([features('CSRank($close)'), features('CSZScore($close)')]);
    expect(ranks.columns[0]!.values).toEqual((await features('CSRank($close)')).columns[0]!.values);
    expect(scores.columns[0]!.values).not.toEqual(ranks.columns[0]!.values);
  });

  it('points at mistakes', async () => {
    await expect(features('CSRank($close, 5)')).rejects.toThrow(/CSRank/);
  });
});
