import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../components/core/package-root.ts';
import { writeDemoMarket } from '../../components/data/demo/write-market.ts';
import { metricOf, qrun, runsOf, temporaryFolder } from './support.ts';

const { folder, clean } = temporaryFolder();
const market = join(folder, 'market');
const env = { MARKET: market, MLFLOW_TRACKING_URI: '' };
afterAll(clean);

/** A small workflow: ridge on Alpha158, a year to learn, a half to test. */
const workflow = `
{% set first = "2022-01-03" %}
qlib_init: {provider_uri: "{{ MARKET }}", region: us}
handler: &handler
  start_time: {{ first }}
  end_time: 2023-06-30
  fit_start_time: {{ first }}
  fit_end_time: 2022-12-30
  instruments: all
  infer_processors: [{class: RobustZScoreNorm, kwargs: {fields_group: feature}}, {class: Fillna, kwargs: {fields_group: feature}}]
  learn_processors: [{class: DropnaLabel}]
task:
  model: {class: LinearModel, module_path: qlib.contrib.model.linear, kwargs: {estimator: ridge, alpha: ALPHA}}
  dataset:
    class: DatasetH
    module_path: qlib.data.dataset
    kwargs:
      handler: {class: Alpha158, module_path: qlib.contrib.data.handler, kwargs: *handler}
      segments: {train: [2022-01-03, 2022-12-30], test: [2023-01-03, 2023-06-29]}
  record:
    - {class: SignalRecord, kwargs: {model: <MODEL>, dataset: <DATASET>}}
    - {class: SigAnaRecord, kwargs: {ana_long_short: false}}
    - class: PortAnaRecord
      kwargs:
        config:
          strategy: {class: TopkDropoutStrategy, module_path: qlib.contrib.strategy, kwargs: {signal: <PRED>, topk: 4, n_drop: 1}}
          backtest: {start_time: 2023-01-04, end_time: 2023-06-28, account: 1000000, benchmark: DEMO_INDEX, exchange_kwargs: {deal_price: close}}
`;

const run = (args: readonly string[]) => qrun(args, { cwd: folder, env });
const idsOf = (store: string) =>
  [...runsOf(join(folder, store)).values()].flat().map((path) => path.split('/').at(-1)!);

let first: string;
let second: string;
beforeAll(async () => {
  writeDemoMarket(market, { instruments: 16, years: 2 });
  writeFileSync(join(folder, 'a.yaml'), workflow.replace('ALPHA', '0.05'));
  writeFileSync(join(folder, 'b.yaml'), workflow.replace('ALPHA', '500.0'));
  for (const config of ['a.yaml', 'b.yaml']) {
    const before = idsOf('mlruns');
    const { code, stderr } = await run([config, 'small']);
    expect([code, stderr]).toEqual([0, '']);
    const [made] = idsOf('mlruns').filter((id) => !before.includes(id));
    if (config === 'a.yaml') first = made!;
    else second = made!;
  }
});

const artifactsOf = (id: string, store = 'mlruns') => {
  const runs = [...runsOf(join(folder, store)).values()].flat();
  return join(runs.find((path) => path.endsWith(id))!, 'artifacts');
};

describe('a run', () => {
  it('records environment, stages and fingerprint without being asked', () => {
    const artifacts = artifactsOf(first);
    const read = (name: string) => JSON.parse(readFileSync(join(artifacts, name), 'utf8'));
    expect(read('environment.json')).toMatchObject({
      node: process.version,
      seed: 0,
      cwd: folder,
      packages: { 'js-yaml': expect.stringMatching(/^\d/) },
    });
    const stages = read('stages.json').stages.map(({ stage }: { stage: string }) => stage);
    expect(stages).toEqual(
      expect.arrayContaining(['data', 'fit', 'SignalRecord', 'SigAnaRecord', 'PortAnaRecord']),
    );
    expect(read('stages.json').peakBytes).toBeGreaterThan(1e7);
    const print = JSON.parse(
      gunzipSync(readFileSync(join(artifacts, 'data_fingerprint.json.gz'))).toString(),
    );
    expect(readFileSync(join(artifacts, '..', 'tags', 'qrun.data'), 'utf8')).toBe(print.root);
  });

  it('records a config that gives the same figures again, templates and anchors resolved', async () => {
    const text = readFileSync(join(artifactsOf(first), 'config.yaml'), 'utf8');
    expect(text).not.toContain('{{');
    writeFileSync(join(folder, 'again.yaml'), text);
    const { code, stderr } = await run(['again.yaml', '--uri-folder', 'again']);
    expect([code, stderr]).toEqual([0, '']);
    const [again] = runsOf(join(folder, 'again')).get('small') ?? [];
    for (const name of ['IC', '1day.excess_return_with_cost.mean'])
      expect(metricOf(again!, name)).toBe(metricOf(join(artifactsOf(first), '..'), name));
  });
});

describe('qrun runs compare', () => {
  it('tells config, metrics, predictions and returns apart', async () => {
    const { code, stdout } = await run(['runs', 'compare', first.slice(0, 8), second, '--json']);
    expect(code).toBe(0);
    const { config, metrics, predictions, returns } = JSON.parse(stdout);
    expect(config).toEqual({ 'task.model.kwargs.alpha': ['0.05', '500'] });
    expect(metrics.IC[0]).not.toBe(metrics.IC[1]);
    expect(predictions[0].pairs).toBeGreaterThan(1000);
    expect(predictions[0].pearson).toBeGreaterThan(0.3);
    expect(predictions[0].pearson).toBeLessThan(1);
    const { days, mean, low, high, t } = returns[0];
    expect(days).toBeGreaterThan(100);
    expect(low <= mean && mean <= high).toBe(true);
    expect(Math.sign(t)).toBe(Math.sign(mean));
    const text = await run(['runs', 'compare', first, second]);
    expect(text.stdout).toMatch(/^config .*\ntask\.model\.kwargs\.alpha +0\.05 +500\n/);
  });

  it('finds a run equal to itself', async () => {
    const { stdout } = await run(['runs', 'compare', first, first, '--json']);
    const { config, predictions, returns } = JSON.parse(stdout);
    expect([config, predictions[0].rank, returns[0].mean, returns[0].low]).toEqual([
      {},
      expect.closeTo(1, 12),
      0,
      0,
    ]);
  });
});

describe('qrun data diff', () => {
  it('finds the data unchanged, then the change', async () => {
    expect((await run(['data', 'diff', first, '--exit-code'])).stdout).toBe('no value differs\n');
    const other = join(folder, 'other');
    cpSync(market, other, { recursive: true });
    const name = readdirSync(join(other, 'features'))[0]!;
    const file = join(other, 'features', name, 'close.day.bin');
    const bytes = readFileSync(file);
    bytes.writeFloatLE(123.5, 4 * 11);
    writeFileSync(file, bytes);
    const { code, stdout } = await run(['data', 'diff', first, '--folder', other, '--exit-code']);
    expect([code, stdout]).toEqual([1, `$close: values of ${name.toUpperCase()} (2022)\n`]);
    expect((await run(['data', 'diff', first, second])).stdout).toBe('no value differs\n');
  });
});

describe('a store', () => {
  it('that was moved works whole', async () => {
    cpSync(join(folder, 'mlruns'), join(folder, 'elsewhere', 'mlruns'), { recursive: true });
    renameSync(join(folder, 'elsewhere'), join(folder, 'there'));
    const moved = join(folder, 'there', 'mlruns');
    const shown = await run(['runs', 'show', second, '--uri', moved]);
    expect(shown.stdout).toContain(`artifacts in ${moved}/`);
    const pred = await run(['runs', 'show', second, 'pred.pkl', '--rows', '2', '--uri', moved]);
    expect(pred.stdout).toContain('score');
    rmSync(join(folder, 'there'), { recursive: true });
  });
});

describe('a run that was killed', () => {
  it('is shown dead, and marked by the next run', async () => {
    writeFileSync(
      join(folder, 'waiting.mjs'),
      'export class Waiting { fit() { return new Promise((resolve) => setTimeout(resolve, 1e9)); } predict() {} }',
    );
    writeFileSync(
      join(folder, 'waiting.yaml'),
      workflow
        .replace(
          /class: LinearModel, module_path: \S+ kwargs: \{.*?\}/,
          'class: Waiting, module_path: ./waiting.mjs',
        )
        .replace(/record:[\s\S]*/, 'record: []\n'),
    );
    const child = spawn(
      process.execPath,
      [join(packageRoot(), 'runner/bin/qrun.mjs'), 'waiting.yaml', '--uri-folder', 'killed'],
      { cwd: folder, env: { ...process.env, ...env }, stdio: 'ignore' },
    );
    const exited = new Promise((resolve) => child.once('exit', resolve));
    const isMade = (one: string) => existsSync(join(artifactsOf(one, 'killed'), 'config.yaml'));
    await expect.poll(() => idsOf('killed').filter(isMade)).toHaveLength(1);
    const [id] = idsOf('killed');
    const list = async () => (await run(['runs', '--uri', 'killed', '--json'])).stdout;
    expect(JSON.parse(await list())).toMatchObject([{ run_id: id, status: 'RUNNING' }]);
    child.kill('SIGKILL');
    await exited;
    expect(JSON.parse(await list())).toMatchObject([{ run_id: id, status: 'DEAD' }]);
    const { code } = await run(['a.yaml', '--uri-folder', 'killed']);
    expect(code).toBe(0);
    const statuses = new Map(
      (JSON.parse(await list()) as { run_id: string; status: string }[]).map((one) => [
        one.run_id,
        one.status,
      ]),
    );
    expect([statuses.size, statuses.get(id!)]).toEqual([2, 'FAILED']);
  });
});
