import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatTime, parseTime, type Time } from '../../components/core/dates.ts';
import { denseValues, type Panel } from '../../components/core/panel.ts';
import { decodeObject } from '../../records/codec/codec.ts';
import { testContext } from '../components/dataset/context.ts';

interface Frame {
  readonly rows: readonly string[];
  readonly columns: Readonly<Record<string, readonly (number | null)[]>>;
}

const peer = process.env['PEER'];
const python = peer && existsSync(join(peer, 'bin/python')) ? join(peer, 'bin/python') : undefined;

describe.skipIf(!python)('static loaders beside qlib (skipped unless PEER names a Python with qlib)', () => {
  let root: string;
  let frames: Readonly<Record<string, Frame>>;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'static-'));
    const script = new URL('./static_frames.py', import.meta.url).pathname;
    execFileSync(python!, [script, root], { stdio: 'pipe' });
    frames = JSON.parse(readFileSync(join(root, 'frames.json'), 'utf8')) as typeof frames;
  }, 120_000);
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const context = testContext();
  const load = async (
    kwargs: object,
    instruments: unknown = null,
    [start, end]: readonly [Time | null, Time | null] = [null, null],
    name = 'StaticDataLoader',
  ) => (await context.build('loader', { class: name, kwargs }, [])).load(instruments, start, end);
  const files = (config: Readonly<Record<string, string>>) => ({
    config: Object.fromEntries(Object.entries(config).map(([group, file]) => [group, join(root, file)])),
  });
  const nested = (config: Readonly<Record<string, string>>) => ({
    class: 'StaticDataLoader',
    kwargs: files(config),
  });

  it('gives the same frames', async () => {
    Object.assign(context, {
      loadFile: async (file: string) => decodeObject(file, readFileSync(file)),
    });
    const span = [parseTime('2020-01-05')!, parseTime('2020-01-20')!] as const;
    same(await load({ config: join(root, 'both.pkl') }, null, span), frames['pickle']!);
    same(await load({ config: join(root, 'both.parquet') }, ['A', 'C']), frames['parquet']!);
    same(await load(files({ feature: 'f.pkl', label: 'l.csv' })), frames['groups']!);
    same(await load({ ...files({ feature: 'f.pkl', label: 'l.pkl' }), join: 'inner' }), frames['inner']!);
    const loaders = { dataloader_l: [nested({ feature: 'f.pkl' }), nested({ label: 'l.pkl' })] };
    same(await load(loaders, 'csi300', [null, null], 'NestedDataLoader'), frames['nested']!);
  });
});

function same({ index, columns }: Panel, want: Frame): void {
  const times = Array.from(index.timeCodes(), (t) => formatTime(index.times[t]!));
  expect(times.map((time, row) => `${time} ${index.instruments[index.codes[row]!]}`)).toEqual(want.rows);
  expect(columns.map((c) => (c.group ? `${c.group}.${c.name}` : c.name))).toEqual(Object.keys(want.columns));
  Object.values(want.columns).forEach((values, c) => {
    expect(Array.from(denseValues(columns[c]!), (v) => (Number.isNaN(v) ? null : v))).toEqual(values);
  });
}
