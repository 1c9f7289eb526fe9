import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayMs } from '../../../../components/core/dates.ts';
import type { Panel } from '../../../../components/core/panel.ts';
import type { Processor } from '../../../../components/dataset/types.ts';
import { testContext } from '../context.ts';
import { firstDay, panelOf, valuesOf } from '../panels.ts';

const context = testContext();
const make = (name: string, kwargs: object = {}): Promise<Processor> =>
  context.build('processor', { class: name, kwargs }, []);

async function run(processor: Processor, panel: Panel): Promise<Panel> {
  await processor.fit?.(panel);
  return processor.apply(panel);
}

const instruments = ['A', 'B', 'C', 'D'];
const days = 6;
const cells = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }) },
    fc.constant(Number.NaN),
  ),
  { minLength: days * instruments.length, maxLength: days * instruments.length },
);
const fit = { fit_start_time: firstDay, fit_end_time: firstDay + 2 * dayMs };

describe('processors that learn', () => {
  for (const name of ['MinMaxNorm', 'ZScoreNorm', 'RobustZScoreNorm'])
    it(`${name}: what comes after the fit segment changes nothing before it`, async () => {
      await fc.assert(
        fc.asyncProperty(cells, cells, async (x, later) => {
          const seen = 3 * instruments.length;
          const changed = [...x.slice(0, seen), ...later.slice(seen)];
          const before = await run(await make(name, fit), panelOf(days, instruments, { 'feature.A': x }));
          const after = await run(
            await make(name, fit),
            panelOf(days, instruments, { 'feature.A': changed }),
          );
          expect(valuesOf(after, 'feature.A').slice(0, seen)).toEqual(
            valuesOf(before, 'feature.A').slice(0, seen),
          );
        }),
        { numRuns: 40 },
      );
    });

  it('tell that they were not fitted', async () => {
    const processor = await make('ZScoreNorm', fit);
    expect(() => processor.apply(panelOf(1, ['A'], { 'feature.A': [1] }))).toThrow(
      'column feature.A: the processor has not been fitted',
    );
  });

  it('want both ends of the range, or none', async () => {
    await expect(make('ZScoreNorm', { fit_start_time: firstDay })).rejects.toThrow('fit_end_time is missing');
    expect((await make('ZScoreNorm')).fitSegment).toBeNull();
  });
});

describe('processors of one day', () => {
  for (const name of ['CSRankNorm', 'CSZScoreNorm', 'CSZFillna', 'ProcessInf'])
    it(`${name}: no day knows another`, async () => {
      await fc.assert(
        fc.asyncProperty(cells, cells, async (x, later) => {
          const first = instruments.length;
          const changed = [...x.slice(0, first), ...later.slice(first)];
          const processor = await make(name);
          const before = await run(processor, panelOf(days, instruments, { 'feature.A': x }));
          const after = await run(processor, panelOf(days, instruments, { 'feature.A': changed }));
          expect(valuesOf(after, 'feature.A').slice(0, first)).toEqual(
            valuesOf(before, 'feature.A').slice(0, first),
          );
        }),
        { numRuns: 40 },
      );
    });

  it('CSRankNorm keeps the order of a day, its mean is 1.73 / n', async () => {
    const processor = await make('CSRankNorm');
    await fc.assert(
      fc.asyncProperty(cells, async (x) => {
        const out = valuesOf(
          await run(processor, panelOf(days, instruments, { 'feature.A': x })),
          'feature.A',
        );
        for (let day = 0; day < days; day++) {
          const from = day * instruments.length;
          const rows = instruments.map((_, i) => from + i).filter((row) => !Number.isNaN(x[row]!));
          for (const a of rows)
            for (const b of rows) if (x[a]! < x[b]!) expect(out[a]!).toBeLessThan(out[b]!);
          const sum = rows.reduce((s, row) => s + out[row]!, 0);
          if (rows.length > 0) expect(sum / rows.length).toBeCloseTo(1.73 / rows.length, 9);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('CSZScoreNorm has mean 0 and standard deviation 1', async () => {
    const x = [1, 2, 4, Number.NaN, 5, 5, 5, 5];
    const out = valuesOf(
      await run(await make('CSZScoreNorm'), panelOf(2, instruments, { 'label.L': x })),
      'label.L',
    );
    // (s - s.mean()) / s.std() of [1, 2, 4, nan]
    expect(out.slice(0, 4)).toEqual([
      -0.8728715609439697,
      -0.2182178902359925,
      1.0910894511799618,
      Number.NaN,
    ]);
    // a day without spread has no z-score
    expect(out.slice(4)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe('processors of columns and rows', () => {
  const panel = panelOf(1, ['A', 'B', 'C'], {
    'feature.X': [1, Number.NaN, 3],
    'feature.Y': [1, 2, 3],
    'label.L': [1, 2, Number.NaN],
  });

  it('DropnaLabel looks at labels, keeps storage and is not for prediction', async () => {
    const processor = await make('DropnaLabel');
    const out = await run(processor, panel);
    expect(processor.forInfer).toBe(false);
    expect(valuesOf(out, 'feature.X')).toEqual([1, Number.NaN]);
    expect(out.columns[0]!.values).toBe(panel.columns[0]!.values);
  });

  it('DropnaProcessor gives the panel itself where nothing is missing', async () => {
    const whole = panelOf(1, ['A'], { 'feature.X': [1] });
    expect(await run(await make('DropnaProcessor'), whole)).toBe(whole);
  });

  it('DropCol and FilterCol choose by name', async () => {
    const drop = await make('DropCol', { col_list: ['X', 'NOSUCH'] });
    expect((await run(drop, panel)).columns.map((c) => c.name)).toEqual(['Y', 'L']);
    const keep = await make('FilterCol', { fields_group: 'feature', col_list: ['X'] });
    expect((await run(keep, panel)).columns.map((c) => c.name)).toEqual(['X', 'L']);
  });

  it('an unknown group is told with the nearest', async () => {
    const fill = await make('Fillna', { fields_group: 'featur' });
    expect(() => fill.apply(panel)).toThrow(
      expect.objectContaining({
        problem: 'unknown column group "featur"',
        hint: 'did you mean "feature"? allowed: feature, label',
        path: ['fields_group'],
      }),
    );
  });

  it('leave their input alone', async () => {
    const before = valuesOf(panel, 'feature.X');
    for (const name of [
      'Fillna',
      'TanhProcess',
      'CSRankNorm',
      'CSZFillna',
      'ProcessInf',
      'ConfigSectionProcessor',
    ])
      await run(await make(name), panel);
    expect(valuesOf(panel, 'feature.X')).toEqual(before);
  });
});
