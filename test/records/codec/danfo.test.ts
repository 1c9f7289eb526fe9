import { describe, expect, it } from 'vitest';
import { denseColumn, Panel, PanelIndex } from '../../../components/core/panel.ts';
import { toDanfo } from '../../../records/codec/danfo.ts';

describe('toDanfo', () => {
  it('gives a DataFrame with the index levels in front', async () => {
    const index = new PanelIndex(
      Float64Array.of(Date.UTC(2020, 0, 2), Date.UTC(2020, 0, 3)),
      Int32Array.of(0, 2, 3),
      ['AAPL', 'MSFT'],
      Int32Array.of(0, 1, 1),
    );
    const panel = new Panel(index, [
      denseColumn('feature', 'a', Float32Array.of(1, 2, 4)),
      denseColumn('label', 'b', Float32Array.of(0, 0, 3)),
    ]);
    const frame = await toDanfo(panel);
    expect(frame.columns).toEqual(['datetime', 'instrument', 'feature.a', 'label.b']);
    expect(frame.values).toEqual([
      ['2020-01-02', 'AAPL', 1, 0],
      ['2020-01-02', 'MSFT', 2, 0],
      ['2020-01-03', 'MSFT', 4, 3],
    ]);
    expect(frame['feature.a'].mean()).toBeCloseTo(7 / 3, 12);
  });

  it('keeps a single index level as index', async () => {
    const frame = await toDanfo({
      kind: 'series',
      index: [
        {
          name: 'datetime',
          dtype: 'datetime64[ns]',
          values: [Date.UTC(2020, 0, 2), Date.UTC(2020, 0, 3)],
          codes: null,
        },
      ],
      name: 'ic',
      dtype: 'float64',
      values: Float64Array.of(0.5, 1.5),
    });
    expect(frame.index).toEqual(['2020-01-02', '2020-01-03']);
    expect(frame.columns).toEqual(['ic']);
    expect(frame.values).toEqual([[0.5], [1.5]]);
  });

  it('refuses what is no table', async () => {
    await expect(toDanfo({ a: 1 })).rejects.toThrow('only tables can be read as danfo DataFrames');
  });
});
