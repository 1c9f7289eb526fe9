import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { denseColumn, Panel, PanelIndex } from '../../../components/core/panel.ts';
import type { SeriesTable, Table } from '../../../components/core/table.ts';
import { decodeObject, encodeObject } from '../../../records/codec/codec.ts';

const day = 86_400_000;
const bytesOf = async (value: unknown) => Buffer.concat(await encodeObject('x.parquet', value));
const again = async (value: unknown) => (await decodeObject('x.parquet', await bytesOf(value))) as Table;

const table: Table = {
  kind: 'frame',
  index: [
    { name: 'datetime', dtype: 'datetime64[ns]', values: Float64Array.of(0, day, day + 0.5), codes: null },
    { name: 'instrument', dtype: 'object', values: ['A', 'Bé'], codes: Int32Array.of(0, 1, 0) },
  ],
  columns: [
    { label: 'price', dtype: 'float64', values: Float64Array.of(1.5, Number.NaN, -0) },
    { label: 'single', dtype: 'float32', values: Float32Array.of(0.1, 2, Number.NaN) },
    { label: 'count', dtype: 'int64', values: BigInt64Array.of(1n, -(2n ** 53n) - 1n, 3n) },
    { label: 'small', dtype: 'int32', values: Int32Array.of(1, -2, 3) },
    { label: 'flag', dtype: 'bool', values: Uint8Array.of(1, 0, 1) },
    { label: 'text', dtype: 'object', values: ['a,b', null, '<b>"\'\n'] },
    { label: 'when', dtype: 'datetime64[ns]', values: Float64Array.of(-day, Number.NaN, 1.25 * day) },
  ],
};

describe('parquet', () => {
  it('gives a table back, with its index', async () => {
    const back = await again(table);
    expect(back.columns).toEqual(table.columns);
    expect(back.index.map((l) => [l.name, l.dtype])).toEqual([
      ['datetime', 'datetime64[ns]'],
      ['instrument', 'object'],
    ]);
    expect(Array.from(back.index[1]!.values as string[])).toEqual(['A', 'Bé', 'A']);
    expect(back.index[0]!.values).toEqual(Float64Array.of(0, day, day));
  });

  it('gives back numbered rows, column levels and an empty table', async () => {
    const plain: Table = {
      kind: 'frame',
      index: [{ name: null, dtype: 'int64', values: BigInt64Array.of(0n, 1n), codes: null, range: true }],
      columnNames: [null, 'field'],
      columns: [
        { label: ['feature', "it's"], dtype: 'float64', values: Float64Array.of(1, 2) },
        { label: ['label', 'b'], dtype: 'float64', values: Float64Array.of(3, 4) },
      ],
    };
    expect(await again(plain)).toEqual(plain);
    const empty: Table = {
      kind: 'frame',
      index: [{ name: null, dtype: 'int64', values: new BigInt64Array(0), codes: null, range: true }],
      columns: [{ label: 'x', dtype: 'float64', values: new Float64Array(0) }],
    };
    expect(await again(empty)).toEqual(empty);
  });

  it('gives any numbers and texts back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.double(), fc.string({ unit: 'grapheme' }))), async (rows) => {
        const given: Table = {
          kind: 'frame',
          index: [
            {
              name: null,
              dtype: 'int64',
              values: BigInt64Array.from(rows, (_, i) => BigInt(i)),
              codes: null,
              range: true,
            },
          ],
          columns: [
            { label: 'x', dtype: 'float64', values: Float64Array.from(rows, ([x]) => x) },
            { label: 'y', dtype: 'object', values: rows.map(([, y]) => y) },
          ],
        };
        expect((await again(given)).columns).toEqual(given.columns);
      }),
      { numRuns: 40 },
    );
  });

  it('refuses what it can not hold, and broken files', async () => {
    await expect(bytesOf({ a: 1 })).rejects.toThrow('only tables can be written as parquet');
    const objects: Table = {
      ...table,
      columns: [{ label: 'x', dtype: 'object', values: [1, 'a', null] }],
    };
    await expect(bytesOf(objects)).rejects.toThrow('column "x" holds numbers among its objects');
    const twice: Table = { ...table, columns: [table.columns[0]!, table.columns[0]!] };
    await expect(bytesOf(twice)).rejects.toThrow('two columns are called "price"');
    await expect(decodeObject('a.parquet', Buffer.from('PAR1'))).rejects.toThrow(/^broken parquet: /);
    const bytes = await bytesOf(table);
    await expect(decodeObject('a.parquet', bytes.subarray(0, bytes.length - 9))).rejects.toThrow(
      /^broken parquet: /,
    );
  });
});

const python = process.env['PARQUET_PYTHON'] ?? '/work/peer/pq/bin/python';

describe.skipIf(!existsSync(python))('parquet beside pandas and pyarrow (skipped without them)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qrun-parquet-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const run = (code: string) => {
    const done = spawnSync(python, ['-c', `import pandas as pd, numpy as np\n${code}`], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (done.status !== 0) throw new Error(done.stderr);
    return done.stdout.trim();
  };

  it('is read by pandas with index and dtypes', async () => {
    writeFileSync(join(folder, 'a.parquet'), await bytesOf(table));
    expect(
      run(`d = pd.read_parquet('a.parquet')
print(d.index.names, [str(t).replace('string', 'str').replace('object', 'str') for t in d.dtypes], d['count'].iloc[1], repr(d.text.iloc[2]))
print(d.price.isna().tolist(), d.text.isna().tolist(), d.when.isna().tolist(), d.flag.tolist(), d.when.iloc[2])
print(d.index[2])`),
    ).toMatchInlineSnapshot(`
      "['datetime', 'instrument'] ['float64', 'float32', 'int64', 'int32', 'bool', 'str', 'datetime64[ns]'] -9007199254740993 '<b>"\\'\\n'
      [False, True, False] [False, True, False] [False, True, False] [True, False, True] 1970-01-02 06:00:00
      (Timestamp('1970-01-02 00:00:00.000500'), 'A')"
    `);
  });

  it('keeps panels with column levels', async () => {
    const index = new PanelIndex(
      Float64Array.of(0, day),
      Int32Array.of(0, 2, 3),
      ['A', 'B'],
      Int32Array.of(0, 1, 1),
    );
    const panel = new Panel(index, [
      denseColumn('feature', 'KMID', Float32Array.of(1, 2, 3)),
      denseColumn('label', 'L', Float32Array.of(4, Number.NaN, 6)),
    ]);
    writeFileSync(join(folder, 'b.parquet'), await bytesOf(panel));
    expect(
      run(
        `d = pd.read_parquet('b.parquet'); print(d.columns.tolist(), d.index.tolist(), d['feature']['KMID'].tolist(), d.index.names)`,
      ),
    ).toMatchInlineSnapshot(
      `"[('feature', 'KMID'), ('label', 'L')] [(Timestamp('1970-01-01 00:00:00'), 'A'), (Timestamp('1970-01-01 00:00:00'), 'B'), (Timestamp('1970-01-02 00:00:00'), 'B')] [1.0, 2.0, 3.0] ['datetime', 'instrument']"`,
    );
  });

  it.each(['snappy', 'gzip', 'brotli', 'none'])(
    'reads what pandas writes, compressed with %s',
    async (codec) => {
      run(`i = pd.MultiIndex.from_product([pd.to_datetime(['2020-01-02', '2020-01-03']), ['A', 'B']], names=['datetime', 'instrument'])
d = pd.DataFrame({'x': [1.5, np.nan, 3, 4], 'n': np.array([1, 2, 3, 4], dtype='int64'), 's': ['a', None, 'c', 'd'], 'b': [True, False, True, True]}, index=i)
d.to_parquet('c.parquet', compression=None if '${codec}' == 'none' else '${codec}')`);
      const back = (await decodeObject('c.parquet', readFileSync(join(folder, 'c.parquet')))) as Table;
      expect(back.index.map((l) => l.name)).toEqual(['datetime', 'instrument']);
      expect(back.index[0]!.values).toEqual(Float64Array.from([18263, 18263, 18264, 18264], (d) => d * day));
      expect(back.index[1]!.values).toEqual(['A', 'B', 'A', 'B']);
      expect(back.columns).toEqual([
        { label: 'x', dtype: 'float64', values: Float64Array.of(1.5, Number.NaN, 3, 4) },
        { label: 'n', dtype: 'int64', values: BigInt64Array.of(1n, 2n, 3n, 4n) },
        { label: 's', dtype: 'object', values: ['a', null, 'c', 'd'] },
        { label: 'b', dtype: 'bool', values: Uint8Array.of(1, 0, 1, 1) },
      ]);
    },
  );

  it('writes a series as one column', async () => {
    const series: SeriesTable = {
      kind: 'series',
      index: table.index,
      name: 'ic',
      dtype: 'float64',
      values: Float64Array.of(1, 2, 3),
    };
    writeFileSync(join(folder, 'd.parquet'), await bytesOf(series));
    expect(run(`d = pd.read_parquet('d.parquet'); print(d.columns.tolist(), d.ic.tolist())`)).toBe(
      "['ic'] [1.0, 2.0, 3.0]",
    );
  });
});
