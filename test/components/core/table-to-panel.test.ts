import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { denseColumn, denseValues, Panel, PanelIndex } from '../../../components/core/panel.ts';
import { panelToTable, type Table } from '../../../components/core/table.ts';
import { tableToPanel } from '../../../components/core/table-to-panel.ts';

const day = (d: number) => Date.UTC(2020, 0, d);

function frame(times: number[], names: (string | null)[], values: Float64Array): Table {
  return {
    kind: 'frame',
    index: [
      { name: 'datetime', dtype: 'datetime64[ns]', values: times, codes: null },
      { name: 'instrument', dtype: 'object', values: names, codes: null },
    ],
    columns: [{ label: 'score', dtype: 'float64', values }],
  };
}

describe('tableToPanel', () => {
  it('sorts rows by datetime, then by instrument', () => {
    const panel = tableToPanel(
      frame([day(3), day(2), day(3), day(2)], ['B', 'B', 'A', 'A'], Float64Array.of(1, 2, 3, 4)),
    );
    expect(panel.index.times).toEqual(Float64Array.of(day(2), day(3)));
    expect(panel.index.offsets).toEqual(Int32Array.of(0, 2, 4));
    expect(panel.index.instruments).toEqual(['A', 'B']);
    expect([...panel.index.codes]).toEqual([0, 1, 0, 1]);
    expect([...denseValues(panel.columns[0]!)]).toEqual([4, 2, 3, 1]);
  });

  it('takes the levels in either order', () => {
    const table = frame([day(2), day(2)], ['A', 'B'], Float64Array.of(1, 2));
    expect(tableToPanel({ ...table, index: [...table.index].reverse() })).toEqual(tableToPanel(table));
  });

  it('shares the columns of sorted rows', () => {
    const values = Float64Array.of(1, 2, 3);
    const panel = tableToPanel(frame([day(2), day(2), day(3)], ['A', 'B', 'A'], values));
    expect(panel.columns[0]!.values).toBe(values);
  });

  it('makes one column of a series', () => {
    const { index } = frame([day(2)], ['A'], Float64Array.of(1));
    const panel = tableToPanel({
      kind: 'series',
      index,
      name: 'label',
      dtype: 'int64',
      values: BigInt64Array.of(7n),
    });
    expect(panel.columns[0]).toMatchObject({ group: null, name: 'label', rows: null });
    expect([...panel.columns[0]!.values]).toEqual([7]);
  });

  it('refuses tables that are no panel, saying why', () => {
    const table = frame([day(2), day(2)], ['A', 'B'], Float64Array.of(1, 2));
    expect(() => tableToPanel({ ...table, index: table.index.slice(0, 1) })).toThrow(
      'a table with index datetime (datetime64[ns]) is no panel\n  a panel has the index levels datetime and instrument',
    );
    expect(() => tableToPanel(frame([day(2), day(2)], ['A', 'A'], Float64Array.of(1, 2)))).toThrow(
      'the table has two rows for A on 2020-01-02',
    );
    expect(() => tableToPanel(frame([day(2), Number.NaN], ['A', 'B'], Float64Array.of(1, 2)))).toThrow(
      'row 1 of the table has no datetime or no instrument',
    );
    expect(() =>
      tableToPanel({ ...table, columns: [{ label: 's', dtype: 'object', values: ['x', 'y'] }] }),
    ).toThrow('column "s" holds no numbers (object)');
  });

  it('gives back the panel that a table was made of', () => {
    const days = fc.array(fc.uniqueArray(fc.nat(9), { minLength: 1 }), { maxLength: 6 });
    fc.assert(
      fc.property(days, (held) => {
        const names = Array.from({ length: 10 }, (_, k) => `S${k}`);
        const codes = Int32Array.from(held.flatMap((d) => [...d].sort((a, b) => a - b)));
        const offsets = Int32Array.from([0, ...held.map((_, t) => held.slice(0, t + 1).flat().length)]);
        const index = new PanelIndex(
          Float64Array.from(held, (_, t) => day(1 + t)),
          offsets,
          names,
          codes,
        );
        const panel = new Panel(index, [
          denseColumn(
            'feature',
            'a',
            Float32Array.from(codes, (c) => c / 3),
          ),
          denseColumn(
            'label',
            'y',
            Float64Array.from(codes, (c) => c * 2),
          ),
        ]);
        const back = tableToPanel(panelToTable(panel));
        expect(back.columns).toEqual(panel.columns);
        expect({ ...back.index, codes: [...back.index.codes] }).toEqual({ ...index, codes: [...codes] });
      }),
    );
  });
});
