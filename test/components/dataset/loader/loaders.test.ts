import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dayMs } from '../../../../components/core/dates.ts';
import { denseValues, type Panel } from '../../../../components/core/panel.ts';
import type { DataProvider, FeatureRequest } from '../../../../components/data/provider.ts';
import { readLoaderConfig } from '../../../../components/dataset/loader/fields.ts';
import { joinPanels } from '../../../../components/dataset/loader/join.ts';
import { stackPanels } from '../../../../components/dataset/loader/stack.ts';
import { StaticDataLoader } from '../../../../components/dataset/loader/static-data-loader.ts';
import { decodeObject, encodeObject } from '../../../../records/codec/codec.ts';
import { testContext } from '../context.ts';
import { firstDay, panelOf, valuesOf } from '../panels.ts';

function keysOf({ index }: Panel): string[] {
  return Array.from(index.timeCodes(), (t, row) => {
    const day = (index.times[t]! - firstDay) / dayMs;
    return `${day}${index.instruments[index.codes[row]!]}`;
  });
}

describe('joinPanels', () => {
  const left = panelOf(2, ['A', 'C'], { 'f.x': [1, 2, 3, 4] });
  const right = panelOf(1, ['B', 'C'], { 'l.y': [5, 6] }, 'f32');

  it('fills what is missing with NaN', () => {
    const all = joinPanels([left, right], 'outer');
    expect(keysOf(all)).toEqual(['0A', '0B', '0C', '1A', '1C']);
    expect(valuesOf(all, 'f.x')).toEqual([1, Number.NaN, 2, 3, 4]);
    expect(valuesOf(all, 'l.y')).toEqual([Number.NaN, 5, 6, Number.NaN, Number.NaN]);
    expect(all.columns[1]!.values).toBeInstanceOf(Float32Array);
  });

  it('keeps the rows that it is asked to keep', () => {
    expect(keysOf(joinPanels([left, right], 'left'))).toEqual(['0A', '0C', '1A', '1C']);
    expect(keysOf(joinPanels([left, right], 'right'))).toEqual(['0B', '0C']);
    expect(keysOf(joinPanels([left, right], 'inner'))).toEqual(['0C']);
  });

  it('shares storage over equal rows', () => {
    const again = panelOf(2, ['A', 'C'], { 'l.y': [5, 6, 7, 8] });
    expect(joinPanels([left, again], 'outer').columns.map((c) => c.values)).toEqual([
      left.columns[0]!.values,
      again.columns[0]!.values,
    ]);
    expect(joinPanels([left, again], 'outer').columns[1]!.values).toBe(again.columns[0]!.values);
  });
});

describe('stackPanels', () => {
  it('sorts the rows of all by time and instrument', () => {
    const all = stackPanels([panelOf(2, ['B'], { x: [1, 2] }), panelOf(1, ['A', 'C'], { x: [3, 4] })]);
    expect(keysOf(all)).toEqual(['0A', '0B', '0C', '1B']);
    expect(valuesOf(all, 'x')).toEqual([3, 1, 4, 2]);
  });
});

describe('readLoaderConfig', () => {
  it('takes expressions with and without names, with and without groups', () => {
    expect([...readLoaderConfig(['$close'], []).values()].flat()).toEqual([
      { group: null, name: '$close', expression: '$close' },
    ]);
    expect([...readLoaderConfig({ label: [['$close'], ['L']] }, []).values()].flat()).toEqual([
      { group: 'label', name: 'L', expression: '$close' },
    ]);
  });

  it('tells where a group is wrong', () => {
    expect(() => readLoaderConfig({ label: [['$close'], []] }, ['config'])).toThrow(
      expect.objectContaining({ problem: '1 expressions and 0 column names', path: ['config', 'label'] }),
    );
  });
});

/** Answers each request with rows of A and B whose values count up; remembers what it was asked. */
function fakeData(asked: FeatureRequest[]): DataProvider {
  return {
    calendar: async () => Float64Array.of(firstDay, firstDay + dayMs),
    async features(request: FeatureRequest) {
      asked.push(request);
      const columns = request.fields.map((f, c) => [
        f.group === null ? f.name : `${f.group}.${f.name}`,
        [0, 1, 2, 3].map((row) => 10 * c + row),
      ]);
      return panelOf(2, ['A', 'B'], Object.fromEntries(columns), 'f32');
    },
  } as unknown as DataProvider;
}

describe('QlibDataLoader', () => {
  const load = async (kwargs: object, instruments: unknown = 'all') => {
    const asked: FeatureRequest[] = [];
    const loader = await testContext(fakeData(asked)).build(
      'loader',
      { class: 'QlibDataLoader', kwargs },
      [],
    );
    return { panel: await loader.load(instruments, null, null), asked };
  };

  it('asks for all groups of one frequency at once', async () => {
    const { panel, asked } = await load({ config: { feature: ['$close'], label: [['$open'], ['L']] } });
    expect(asked.map((r) => [r.freq, r.fields.length])).toEqual([['day', 2]]);
    expect(panel.columns.map((c) => [c.group, c.name])).toEqual([
      ['feature', '$close'],
      ['label', 'L'],
    ]);
  });

  it('asks apart for groups of other frequencies', async () => {
    const config = { feature: ['$close'], label: ['$open'] };
    const { asked } = await load({ config, freq: { feature: '1min', label: 'day' } });
    expect(asked.map((r) => r.freq)).toEqual(['1min', 'day']);
    expect(asked.map((r) => r.membersFreq)).toEqual(['1min', '1min']);
    await expect(load({ config, freq: { feature: 'day' } })).rejects.toThrow(
      'freq does not name the column group "label"',
    );
  });

  it('hands filters on with the name of a market', async () => {
    const filter_pipe = [{ filter_type: 'NameDFilter', name_rule_re: 'A' }];
    const { asked } = await load({ config: ['$close'], filter_pipe }, 'csi300');
    expect(asked[0]!.instruments).toEqual({ market: 'csi300', filter_pipe });
  });

  it('drops instruments that TimeRangeFlt refuses', async () => {
    const inst_processors = [
      { class: 'TimeRangeFlt', kwargs: { start_time: '2020-01-01', end_time: '2020-01-02' } },
    ];
    expect((await load({ config: ['$close'], inst_processors })).panel.length).toBe(4);
  });
});

describe('NestedDataLoader', () => {
  it('lets later loaders replace columns, sorted by name', async () => {
    const of = (config: string[]) => ({ class: 'QlibDataLoader', kwargs: { config } });
    const loader = await testContext(fakeData([])).build(
      'loader',
      { class: 'NestedDataLoader', kwargs: { dataloader_l: [of(['$b', '$a']), of(['$c', '$b'])] } },
      [],
    );
    const panel = await loader.load('all', null, null);
    expect(panel.columns.map((c) => c.name)).toEqual(['$a', '$b', '$c']);
    expect(Array.from(denseValues(panel.columns[1]!))).toEqual([10, 11, 12, 13]);
  });
});

describe('StaticDataLoader', () => {
  const folder = mkdtempSync(join(tmpdir(), 'static-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const build = (config: unknown) =>
    testContext().build('loader', { class: 'StaticDataLoader', kwargs: { config } }, []);

  it('reads one file a group', async () => {
    const feature = write('f.csv', 'datetime,instrument,x\n2020-01-02,A,2\n2020-01-01,A,1\n2020-01-01,B,\n');
    const label = write('l.csv', 'datetime,instrument,y\n2020-01-01,B,7\n');
    const panel = await (await build({ feature, label })).load(['A', 'B'], firstDay, firstDay);
    expect(keysOf(panel)).toEqual(['0A', '0B']);
    expect(valuesOf(panel, 'feature.x')).toEqual([1, Number.NaN]);
    expect(valuesOf(panel, 'label.y')).toEqual([Number.NaN, 7]);
  });

  it('reads pickles and Parquet, whole or a file a group', async () => {
    const csv = write('a.csv', 'datetime,instrument,x\n2020-01-01,A,1\n2020-01-01,B,2\n2020-01-02,A,3\n');
    const panel = await (await build(csv)).load(null, null, null);
    for (const ending of ['pkl', 'parquet']) {
      const file = join(folder, `a.${ending}`);
      writeFileSync(file, Buffer.concat(await encodeObject(file, panel)));
      const context = {
        ...testContext(),
        loadFile: async (path: string) => decodeObject(path, readFileSync(path)),
      };
      const load = async (config: unknown, instruments: unknown) =>
        (await StaticDataLoader.create({ config } as never, context)).load(instruments, null, null);
      expect(valuesOf(await load(file, null), 'x')).toEqual([1, 2, 3]);
      expect(valuesOf(await load({ f: file }, ['A']), 'f.x')).toEqual([1, 3]);
      await expect(load(file, 'csi300')).rejects.toThrow('the files have no instrument "csi300"');
      await expect(load(join(folder, `none.${ending}`), null)).rejects.toThrow("can't read");
    }
  });

  it('names the line of a bad row', async () => {
    const file = write('bad.csv', 'datetime,instrument,x\n2020-01-01,A,1\n2020-01-01,A,2\n');
    await expect(async () => (await build(file)).load(null, null, null)).rejects.toThrow(
      `${file}, line 3: A has this time already`,
    );
    await expect(async () => (await build('x.h5')).load(null, null, null)).rejects.toThrow(
      'can\'t load "x.h5"\n  a static loader reads .csv, .parquet and .pkl files',
    );
  });
});
