import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../components/core/errors.ts';
import { denseColumn, Panel, PanelIndex } from '../../../components/core/panel.ts';
import { PyTimestamp } from '../../../components/core/python.ts';
import { panelToTable, type SeriesTable, type Table } from '../../../components/core/table.ts';
import { decodeObject, encodeObject } from '../../../records/codec/codec.ts';

const day = (d: number) => Date.UTC(2020, 0, d);

function bytesOf(name: string, value: unknown): Uint8Array {
  return Buffer.concat(encodeObject(name, value) as Uint8Array[]);
}
const textOf = (name: string, value: unknown) => Buffer.from(bytesOf(name, value)).toString('utf8');
const again = (name: string, value: unknown) => decodeObject(name, bytesOf(name, value));

const report: Table = {
  kind: 'frame',
  index: [
    { name: 'datetime', dtype: 'datetime64[ns]', values: Float64Array.of(day(2), day(3)), codes: null },
  ],
  columns: [
    { label: 'account', dtype: 'float64', values: Float64Array.of(1e8, 1.25e8) },
    { label: 'return', dtype: 'float64', values: Float64Array.of(0.1, Number.NaN) },
    { label: 'count', dtype: 'int64', values: BigInt64Array.of(3n, 4n) },
    { label: 'held', dtype: 'bool', values: Uint8Array.of(1, 0) },
    { label: 'note', dtype: 'object', values: ['a,"b"', null] },
  ],
};

const prediction: Table = {
  kind: 'frame',
  index: [
    { name: 'datetime', dtype: 'datetime64[ns]', values: Float64Array.of(day(2), day(2)), codes: null },
    { name: 'instrument', dtype: 'object', values: ['A', 'B'], codes: null },
  ],
  columns: [{ label: 'score', dtype: 'float64', values: Float64Array.of(0.5, -1e-7) }],
};

const ic: SeriesTable = {
  kind: 'series',
  index: report.index,
  name: 'ic',
  dtype: 'float64',
  values: Float64Array.of(0.5, Number.NaN),
};

describe('encodeObject and decodeObject', () => {
  it('pickle what ends in .pkl or in nothing known, as qlib does', () => {
    for (const name of ['pred.pkl', 'params', 'a/b.model', 'x.PKL']) {
      expect(bytesOf(name, [1, 2])[0]).toBe(0x80);
      expect(again(name, report)).toEqual(report);
    }
  });

  it('keep a panel as its table', () => {
    const index = new PanelIndex(
      Float64Array.of(day(2)),
      Int32Array.of(0, 2),
      ['A', 'B'],
      Int32Array.of(0, 1),
    );
    const panel = new Panel(index, [denseColumn(null, 'score', Float64Array.of(0.5, 1.5))]);
    expect(again('pred.pkl', panel)).toEqual(panelToTable(panel));
  });

  it('write tables to JSON in the split form of pandas and read them back', () => {
    expect(textOf('report.json', prediction)).toBe(
      [
        '{',
        '  "columns": ["score"],',
        '  "index": [',
        '    ["2020-01-02", "A"],',
        '    ["2020-01-02", "B"]',
        '  ],',
        '  "index_names": ["datetime", "instrument"],',
        '  "index_dtypes": ["datetime64[ns]", "object"],',
        '  "data": [',
        '    [0.5],',
        '    [-1e-07]',
        '  ],',
        '  "dtypes": ["float64"]',
        '}',
        '',
      ].join('\n'),
    );
    for (const table of [report, prediction, ic]) expect(again('x.json', table)).toEqual(table);
  });

  it('write plain values to JSON and read them back', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(again('x.json', value)).toEqual(value);
      }),
    );
    expect(again('x.json', { a: [Number.NaN, Number.POSITIVE_INFINITY, -0.5], b: 'NaN' })).toEqual({
      a: [Number.NaN, Number.POSITIVE_INFINITY, -0.5],
      b: 'NaN',
    });
    expect(textOf('x.json', new Map([[new PyTimestamp(day(2)), 1n << 70n]]))).toBe(
      '{\n  "2020-01-02": 1180591620717411303424\n}\n',
    );
  });

  it('write tables to CSV as pandas does and read them back', () => {
    expect(textOf('report.csv', report)).toBe(
      'datetime,account,return,count,held,note\n2020-01-02,100000000.0,0.1,3,True,"a,""b"""\n2020-01-03,125000000.0,,4,False,\n',
    );
    expect(again('report.csv', report)).toEqual(report);
    expect(again('pred.csv', prediction)).toEqual(prediction);
  });

  it('read CSV with line breaks of either kind, quotes and empty cells', () => {
    const table = decodeObject('x.csv', Buffer.from('a,b\r\n1,"x\ny"\r\n,\r\n')) as Table;
    expect(table.columns).toEqual([
      { label: 'a', dtype: 'float64', values: Float64Array.of(1, Number.NaN) },
      { label: 'b', dtype: 'object', values: ['x\ny', null] },
    ]);
    expect(table.index[0]).toMatchObject({ dtype: 'int64', range: true });
  });

  it('keep text as it is', () => {
    expect(textOf('config.yaml', 'a: 1\n')).toBe('a: 1\n');
    expect(decodeObject('log.txt', Buffer.from('zé'))).toBe('zé');
  });

  it('know a pickle under any name', () => {
    expect(decodeObject('config.txt', bytesOf('config', { a: 1 }))).toEqual(new Map([['a', 1]]));
  });

  it('say what does not fit', () => {
    const problem = (work: () => unknown) => {
      try {
        work();
      } catch (error) {
        if (error instanceof UserError) return error.message;
        throw error;
      }
      return 'no error';
    };
    expect(problem(() => encodeObject('a.txt', 5))).toBe(
      'a number is no text\n  text files hold strings; end the name in .pkl or .json for other values',
    );
    expect(problem(() => encodeObject('a.csv', { a: 1 }))).toBe(
      'only tables can be written as CSV\n  end the name in .pkl or .json for other values',
    );
    expect(problem(() => encodeObject('a.json', Uint8Array.of(1)))).toBe("b'\\x01' can't be written as JSON");
    expect(problem(() => encodeObject('a.pkl', () => 1))).toBe("a function can't be pickled");
    expect(problem(() => decodeObject('a.json', Buffer.from('{')))).toMatch(/^broken JSON: /);
    expect(problem(() => decodeObject('a.csv', Buffer.from('a,b\n1\n')))).toBe(
      'line 2 of the CSV file has 1 cells, the header 2',
    );
    expect(problem(() => decodeObject('a.txt', Uint8Array.of(0xff, 0xfe)))).toBe(
      'the file is not UTF-8 text',
    );
  });

  it('refuses endings that promise a format it does not write', () => {
    for (const name of ['a.feather', 'b/c.ARROW', 'x.npy'])
      expect(() => encodeObject(name, new Map([['a', 1]]))).toThrow(/^objects are not written as \.\w+ \(/);
    // what qlib pickled under such a name is read
    expect(decodeObject('a.feather', Buffer.concat(encodeObject('a.pkl', 'hello') as Uint8Array[]))).toBe(
      'hello',
    );
  });
});
