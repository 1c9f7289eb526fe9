import { describe, expect, it } from 'vitest';
import { denseColumn, Panel, PanelIndex } from '../../../components/core/panel.ts';
import { panelToTable } from '../../../components/core/table.ts';
import { loadedAs } from '../../../records/codec/load-as.ts';

const index = new PanelIndex(Float64Array.of(0), Int32Array.of(0, 1), ['A'], Int32Array.of(0));
const table = panelToTable(new Panel(index, [denseColumn(null, 'score', Float64Array.of(0.5))]));

describe('loadedAs', () => {
  it('gives the value as it is, as a panel or as a danfo frame', async () => {
    expect(await loadedAs(table)).toBe(table);
    expect((await loadedAs(table, { as: 'panel' })).columns[0]!.values).toEqual(Float64Array.of(0.5));
    expect((await loadedAs(table, { as: 'danfo' })).values).toEqual([['1970-01-01', 'A', 0.5]]);
  });

  it('says which forms there are', async () => {
    const unknown = { as: 'polars' } as unknown as { as: 'danfo' };
    await expect(loadedAs(table, unknown)).rejects.toThrow('unknown form "polars"\n  allowed: danfo, panel');
    await expect(loadedAs(5, { as: 'panel' })).rejects.toThrow('only tables can be read as panels');
  });
});
