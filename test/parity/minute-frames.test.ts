import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatTime, parseTime } from '../../components/core/dates.ts';
import { denseValues, type Panel } from '../../components/core/panel.ts';
import { openData } from '../../components/data/folder-provider.ts';
import { readNpyNumber } from '../../components/dataset/processor/npy-number.ts';
import { testContext } from '../components/dataset/context.ts';

interface Frame {
  readonly rows: readonly string[];
  readonly columns: Readonly<Record<string, readonly (number | null)[]>>;
}

const { PEER: peer, EXAMPLES: examples } = process.env;
const python = peer && existsSync(join(peer, 'bin/python')) ? join(peer, 'bin/python') : undefined;
const handler = 'qlib.data.dataset.handler';
const base = {
  instruments: ['SH600001', 'SH600003', 'SH600004'],
  start_time: '2020-01-03',
  end_time: '2020-01-17 15:00:00',
};

describe.skipIf(!(python && examples))(
  'minute data beside qlib (skipped unless PEER and EXAMPLES are set, see minute_frames.py)',
  () => {
    let root: string;
    let frames: Readonly<Record<string, Frame>>;
    const context = () => testContext(openData({ day: join(root, 'data'), '1min': join(root, 'data') }));
    beforeAll(() => {
      root = mkdtempSync(join(tmpdir(), 'minutes-'));
      const script = new URL('./minute_frames.py', import.meta.url).pathname;
      execFileSync(python!, [script, examples!, root], { stdio: 'pipe' });
      frames = JSON.parse(readFileSync(join(root, 'frames.json'), 'utf8')) as typeof frames;
    }, 600_000);
    afterAll(() => rmSync(root, { recursive: true, force: true }));

    const raw = async (spec: unknown): Promise<Panel> => {
      const made = await context().build('handler', spec, []);
      await made.setup();
      return made.fetch({ start: null, end: null }, { colSet: '__raw' });
    };

    it('computes expressions', async () => {
      const { columns } = frames['expressions']!;
      const panel = await context().data.features({
        instruments: ['SH600001', 'SH600003'],
        fields: Object.keys(columns).map((expression) => ({ group: null, name: expression, expression })),
        ...{ start: parseTime('2020-01-09 10:00:00')!, end: parseTime('2020-01-15 13:30:00')!, freq: '1min' },
      });
      compare(panel, frames['expressions']!);
    });

    it('makes days of minutes', async () => {
      const avg15min = {
        ...{ class: 'Avg15minHandler', module_path: 'multi_freq_handler.py' },
        kwargs: {
          ...base,
          freq: { label: 'day', feature_15min: '1min', feature_day: 'day' },
          learn_processors: [],
          inst_processors: {
            feature_15min: [
              {
                ...{ class: 'ResampleNProcessor', module_path: 'features_resample_N.py' },
                kwargs: { target_frq: '1d' },
              },
            ],
          },
        },
      };
      compare(await raw(avg15min), frames['avg15min']!);
      const one = {
        class: 'Resample1minProcessor',
        module_path: 'features_sample.py',
        kwargs: { hour: 14, minute: 56 },
      };
      const loader = {
        class: 'QlibDataLoader',
        kwargs: {
          config: {
            feature: [
              ['$close', '$volume', '$open'],
              ['C', 'V', 'O'],
            ],
          },
          ...{ freq: '1min', inst_processors: [one] },
        },
      };
      const spec = { class: 'DataHandler', module_path: handler, kwargs: { ...base, data_loader: loader } };
      compare(await raw(spec), frames['one_minute']!);
    });

    it('treats them as HighFreqNorm and HighFreqTrans do', async () => {
      const loader = {
        class: 'QlibDataLoader',
        kwargs: {
          config: [
            ['$close', '$open', '$volume'],
            ['C', 'O', 'V'],
          ],
          freq: '1min',
        },
      };
      const panel = await raw({
        class: 'DataHandler',
        module_path: handler,
        kwargs: { ...base, data_loader: loader },
      });
      const module_path = 'qlib.contrib.data.highfreq_processor';
      const make = (name: string, kwargs: object) =>
        context().build('processor', { class: name, module_path, kwargs }, []);
      const own = `${join(root, 'own')}/`;
      const norm = await make('HighFreqNorm', {
        ...{ fit_start_time: '2020-01-03', fit_end_time: '2020-01-10' },
        ...{ feature_save_dir: own, norm_groups: { price: 2, volume: 1 } },
      });
      await norm.fit?.(panel);
      // float32 figures of which the mean has been taken away are as exact as the figures were
      const their = (figure: string) => readNpyNumber(`${join(root, 'norm')}/volume_${figure}.npy`);
      const before = their('mean') / their('std');
      compare(await norm.apply(panel), frames['norm']!, before);
      for (const name of [
        'price_mean',
        'price_std',
        'volume_mean',
        'volume_std',
        'volume_vmax',
        'price_vmin',
      ]) {
        const [mine, theirs] = [own, `${join(root, 'norm')}/`].map((f) => readNpyNumber(`${f}${name}.npy`));
        expect(Math.abs(mine! - theirs!), name).toBeLessThanOrEqual(1e-6 * Math.abs(theirs!));
      }
      // what qlib has learned is taken as it is
      const theirs = await make('HighFreqNorm', {
        ...{ fit_start_time: '2020-01-03', fit_end_time: '2020-01-10' },
        ...{ feature_save_dir: `${join(root, 'norm')}/`, norm_groups: { price: 2, volume: 1 } },
      });
      compare(await theirs.apply(panel), frames['norm']!, before);
      compare(await (await make('HighFreqTrans', { dtype: 'float32' })).apply(panel), frames['trans_float']!);
      const open = panel.withColumns(panel.columns.filter((c) => c.name === 'O'));
      const filled = await context().build('processor', { class: 'Fillna' }, []);
      compare(await (await make('HighFreqTrans', {})).apply(await filled.apply(open)), frames['trans_bool']!);
    });
  },
);

/** Same rows, values within 1e-6 of themselves, or of `least`. */
function compare({ index, columns }: Panel, { rows, columns: theirs }: Frame, least = 1e-3): void {
  const times = Array.from(index.timeCodes(), (t) => formatTime(index.times[t]!));
  const mine = times.map(
    (time, row) => `${time.length > 10 ? time : `${time} 00:00:00`} ${index.instruments[index.codes[row]!]}`,
  );
  expect(mine).toEqual(rows);
  expect(columns.map((c) => (c.group === null ? c.name : `${c.group}.${c.name}`))).toEqual(
    Object.keys(theirs),
  );
  Object.values(theirs).forEach((want, c) => {
    const got = denseValues(columns[c]!);
    want.forEach((value, row) => {
      const ours = got[row]!;
      const isSame =
        value === null
          ? Number.isNaN(ours)
          : Math.abs(ours - value) <= 1e-6 * Math.max(Math.abs(value), least);
      if (!isSame) throw new Error(`${Object.keys(theirs)[c]} ${rows[row]}: ${ours}, qlib has ${value}`);
    });
  });
}
