import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { denseValues, type Panel } from '../../../../components/core/panel.ts';
import { writeDemoMarket } from '../../../../components/data/demo/write-market.ts';
import { openData } from '../../../../components/data/folder-provider.ts';
import { testContext } from '../context.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qrun-dh-'));
  writeDemoMarket(join(folder, 'market'), { instruments: 10, years: 2, seed: 3 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const handler = (expression: string, name: string, kind = 'DataHandlerLP') => ({
  class: kind,
  kwargs: {
    instruments: 'all',
    data_loader: {
      class: 'QlibDataLoader',
      kwargs: { config: { feature: [[expression], [name]], label: [['Ref($close,-1)'], ['L']] } },
    },
  },
});

async function load(kwargs: object): Promise<Panel> {
  const context = testContext(openData(join(folder, 'market')));
  const loader = await context.build('loader', { class: 'DataLoaderDH', kwargs }, []);
  return loader.load(null, Date.UTC(2023, 2, 1), Date.UTC(2023, 4, 31));
}
const labels = (panel: Panel) => panel.columns.map((c) => `${c.group}.${c.name}`);

describe('DataLoaderDH', () => {
  it.each(['DataHandlerLP', 'DataHandler'])('loads the columns of a %s, with their groups', async (kind) => {
    const panel = await load({ handler_config: handler('$open', 'A', kind) });
    expect(labels(panel)).toEqual(['feature.A', 'label.L']);
    const days = panel.index.times;
    expect([days[0]! >= Date.UTC(2023, 2, 1), days.at(-1)! <= Date.UTC(2023, 4, 31)]).toEqual([true, true]);
  });

  it('puts handlers side by side by group', async () => {
    const config = { day: handler('$open', 'A'), mean: handler('Mean($close,3)', 'B') };
    const panel = await load({
      handler_config: config,
      is_group: true,
      fetch_kwargs: { col_set: 'feature' },
    });
    expect(labels(panel)).toEqual(['day.A', 'mean.B']);
    const alone = await load({
      handler_config: handler('Mean($close,3)', 'B'),
      fetch_kwargs: { col_set: 'feature' },
    });
    expect(denseValues(panel.columns[1]!)).toEqual(denseValues(alone.columns[0]!));
  });

  it('refuses groups within groups', async () => {
    await expect(load({ handler_config: { day: handler('$open', 'A') }, is_group: true })).rejects.toThrow(
      /groups of their own/,
    );
  });
});
