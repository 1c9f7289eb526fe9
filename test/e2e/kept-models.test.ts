import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../components/core/package-root.ts';
import { writeDemoMarket } from '../../components/data/demo/write-market.ts';
import { qrun, runsOf, temporaryFolder } from './support.ts';

const { folder, clean } = temporaryFolder();
const market = join(folder, 'market');
const config = join(packageRoot(), 'configs/workflow_config_lightgbm_Alpha158_demo.yaml');
const quick = ['task.model.kwargs.num_leaves=7', '++task.model.kwargs.num_boost_round=5'];
const env = { QRUN_DEMO: market, QRUN_CACHE: join(folder, 'cache') };
afterAll(clean);
beforeAll(() => void writeDemoMarket(market, { instruments: 30, years: 8 }));

const run = async (name: string, ...words: string[]) => {
  const { code, stdout, stderr } = await qrun([config, name, ...quick, ...words], { cwd: folder, env });
  expect([code, stderr], name).toEqual([0, '']);
  const [place] = runsOf(join(folder, 'mlruns')).get(name)!;
  return { stdout, place: place!, taken: /^fit .* taken from run (\w+)/m.exec(stdout)?.[1] };
};
const artifact = (place: string, name: string) => readFileSync(join(place, 'artifacts', name), 'hex');
/** Figures by step, as MLflow's files have them, without the times. */
const steps = (place: string, name: string) =>
  readFileSync(join(place, 'metrics', name), 'utf8').replace(/^\d+ /gm, '');
const parameters = (...words: string[]) => run(`with${words.join('').replace(/\W+/g, '_')}`, ...words);

it('takes a model that was trained of the same config on the same data, and says so', async () => {
  const first = await run('first');
  expect(first.taken).toBeUndefined();
  const second = await run('second', 'task.record.2.kwargs.config.strategy.kwargs.topk=20');
  expect(first.place.split('/').at(-1)).toMatch(new RegExp(`^${second.taken}`));
  for (const name of ['params.pkl', 'model.txt', 'pred.pkl', 'label.pkl', 'sig_analysis/ic.pkl'])
    expect(artifact(second.place, name), name).toBe(artifact(first.place, name));
  const figures = readdirSync(join(first.place, 'metrics')).filter((name) => name.startsWith('l2.'));
  expect(figures.length).toBeGreaterThan(0);
  for (const name of figures) expect(steps(second.place, name), name).toBe(steps(first.place, name));
  // what training warned of is told again
  const warnings = (text: string) => text.split('\n').filter((line) => line.startsWith('warning: '));
  expect(warnings(second.stdout)).toEqual(warnings(first.stdout));
  expect(artifact(second.place, 'portfolio_analysis/positions_normal_1day.pkl')).not.toBe(
    artifact(first.place, 'portfolio_analysis/positions_normal_1day.pkl'),
  );
});

it('trains where something else is asked for', async () => {
  expect((await parameters('task.model.kwargs.learning_rate=0.3')).taken).toBeUndefined();
  expect(
    (await parameters('task.dataset.kwargs.segments.train=[2016-01-01,2018-06-30]')).taken,
  ).toBeUndefined();
  expect((await parameters('--no-cache')).taken).toBeUndefined();
  expect((await parameters('++cache=false')).taken).toBeUndefined();
});

it('trains where the data have changed, even with the time of a file put back', async () => {
  const file = join(market, 'features', readdirSync(join(market, 'features'))[0]!, 'close.day.bin');
  const { atime, mtime } = statSync(file);
  const bytes = readFileSync(file);
  bytes.writeFloatLE(bytes.readFloatLE(400) * 1.5, 400);
  writeFileSync(file, bytes);
  utimesSync(file, atime, mtime);
  expect((await run('changed')).taken).toBeUndefined();
  expect((await run('changed_again')).taken).toBeDefined();
});

it('trains where what was kept is damaged', async () => {
  const models = join(folder, 'cache/models');
  for (const entry of readdirSync(models)) {
    const file = join(models, entry, 'training');
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(file, bytes);
  }
  expect((await run('damaged')).taken).toBeUndefined();
  expect((await run('whole')).taken).toBeDefined();
});

it('predicts the same to the last bit on another number of threads', async () => {
  const linear = join(packageRoot(), 'configs/workflow_config_linear_Alpha158_demo.yaml');
  const one = async (name: string, threads: string) => {
    const { code, stdout, stderr } = await qrun([linear, name, '--threads', threads], { cwd: folder, env });
    expect([code, stderr], name).toEqual([0, '']);
    return { stdout, pred: artifact(runsOf(join(folder, 'mlruns')).get(name)![0]!, 'pred.pkl') };
  };
  const trained = await one('on_two', '2');
  const taken = await one('on_one', '1');
  expect(taken.stdout).toContain('taken from run');
  expect(taken.pred).toBe(trained.pred);
});
