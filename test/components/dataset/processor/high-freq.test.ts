import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayMs } from '../../../../components/core/dates.ts';
import { denseColumn, Panel, PanelIndex } from '../../../../components/core/panel.ts';
import { readNpyNumber, writeNpyNumber } from '../../../../components/dataset/processor/npy-number.ts';
import { testContext } from '../context.ts';
import { firstDay, panelOf, valuesOf } from '../panels.ts';

const context = testContext();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qrun-norm-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('HighFreqTrans', () => {
  it('cuts values to 8 bits, or makes them float32', async () => {
    const panel = panelOf(1, ['A', 'B', 'C', 'D'], { 'feature.A': [1.9, -2.7, 200, Number.NaN] });
    const bool = await context.build('processor', { class: 'HighFreqTrans' }, []);
    // np.array([1.9, -2.7, 200, np.nan], 'f4').astype(np.int8)
    expect(valuesOf(await bool.apply(panel), 'feature.A')).toEqual([1, -2, -56, 0]);
    const float = await context.build('processor', { class: 'HighFreqTrans', kwargs: { dtype: 'f' } }, []);
    expect(valuesOf(await float.apply(panel), 'feature.A')).toEqual(
      [1.9, -2.7, 200, Number.NaN].map(Math.fround),
    );
  });
});

describe('HighFreqNorm', () => {
  it('learns one figure a group inside of the fit segment, keeps it and takes it from there', async () => {
    const cells = {
      'feature.P': [1, 2, 3, 100],
      'feature.Q': [5, Number.NaN, 7, 100],
      'feature.volume': [0, 1, 3, 7],
    };
    const panel = panelOf(4, ['A'], cells);
    const kwargs = {
      ...{ fit_start_time: firstDay, fit_end_time: firstDay + 2 * dayMs },
      ...{ feature_save_dir: `${join(folder, 'a')}/`, norm_groups: { price: 2, volume: 1 } },
    };
    const make = () => context.build('processor', { class: 'HighFreqNorm', kwargs }, []);
    const first = await make();
    await first.fit?.(panel);
    const out = await first.apply(panel);
    // HighFreqNorm of qlib 0.9.7 on the same frame
    const want = {
      'feature.P': [-2.6625035, -1.6384636, -0.6144238, 98.71744],
      'feature.Q': [1.4336559, 0, 3.4817355, 98.71744],
      'feature.volume': [-2.1213202, 0, 2.1213202, 4.2426405],
    };
    for (const name of Object.keys(want) as (keyof typeof want)[])
      valuesOf(out, name).forEach((value, i) => {
        expect(Math.abs(value - want[name][i]!)).toBeLessThanOrEqual(2e-6 * Math.abs(want[name][i]!) + 1e-6);
      });
    expect(readdirSync(join(folder, 'a'))).toHaveLength(8);
    const second = await make();
    await second.fit?.(panelOf(4, ['A'], { ...cells, 'feature.P': [9, 9, 8, 7] }));
    expect(valuesOf(await second.apply(panel), 'feature.Q')).toEqual(valuesOf(out, 'feature.Q'));
  });

  it('refuses groups of more columns than there are', async () => {
    const kwargs = {
      fit_start_time: null,
      fit_end_time: null,
      feature_save_dir: `${folder}/b/`,
      norm_groups: { a: 2 },
    };
    const processor = await context.build('processor', { class: 'HighFreqNorm', kwargs }, []);
    expect(() => processor.fit?.(panelOf(1, ['A'], { 'feature.A': [1] }))).toThrow(
      'norm_groups count 2 columns, there are 1',
    );
  });
});

describe('writeNpyNumber', () => {
  it('writes the bytes of np.save', () => {
    const file = join(folder, 'x.npy');
    writeNpyNumber(file, 1.5);
    // np.save('x.npy', np.float32(1.5)), numpy 1.26
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (), }";
    expect(readFileSync(file).toString('latin1')).toBe(
      `\x93NUMPY\x01\x00v\x00${header}${' '.repeat(117 - header.length)}\n\x00\x00\xc0?`,
    );
    expect(readNpyNumber(file)).toBe(1.5);
  });

  it('is refused where it is something else', () => {
    expect(() => readNpyNumber(join(folder, 'nosuch.npy'))).toThrow('cannot be read');
  });
});

describe('processors of minutes', () => {
  const minute = 60_000;
  const times = [9.5 * 60, 15 * 60 - 4, 15 * 60 - 1].flatMap((m) => [
    firstDay + m * minute,
    firstDay + dayMs + m * minute,
  ]);
  const sorted = Float64Array.from(times).sort();
  const index = new PanelIndex(
    sorted,
    Int32Array.from({ length: 7 }, (_, i) => i),
    ['A'],
    new Int32Array(6),
  );
  const panel = new Panel(index, [
    denseColumn('f', 'X', Float32Array.of(1, 2, Number.NaN, 4, Number.NaN, 6)),
  ]);
  const days = { times: [firstDay, firstDay + dayMs], offsets: [0, 1, 2] };
  const shape = (p: Panel) => ({ times: [...p.index.times], offsets: [...p.index.offsets] });

  it('take the last value of a day', async () => {
    const made = await context.build(
      'instProcessor',
      { class: 'ResampleNProcessor', kwargs: { target_frq: '1d' } },
      [],
    );
    const out = await made.apply(panel, 'A');
    expect(shape(out)).toEqual(days);
    expect(valuesOf(out, 'f.X')).toEqual([2, 6]);
  });

  it('take one minute of a day, also a missing value', async () => {
    const kwargs = { hour: 14, minute: 56 };
    const made = await context.build('instProcessor', { class: 'Resample1minProcessor', kwargs }, []);
    const out = await made.apply(panel, 'A');
    expect(shape(out)).toEqual(days);
    expect(valuesOf(out, 'f.X')).toEqual([2, Number.NaN]);
  });

  it('refuse other bars than days', async () => {
    const kwargs = { target_frq: '5min' };
    await expect(context.build('instProcessor', { class: 'ResampleNProcessor', kwargs }, [])).rejects.toThrow(
      'target_frq 5min is not supported',
    );
  });
});
