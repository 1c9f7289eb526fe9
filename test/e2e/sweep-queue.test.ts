import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../components/core/package-root.ts';
import { writeDemoMarket } from '../../components/data/demo/write-market.ts';
import { redisOptions } from './redis-options.ts';
import { qrun, runsOf, temporaryFolder } from './support.ts';

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
const { folder, clean } = temporaryFolder();
const market = join(folder, 'market');
const port = 21_000 + (process.pid % 10_000);
const url = `redis://127.0.0.1:${port}`;
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  clean();
});

function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, QRUN_DEMO: market },
    stdio: 'ignore',
  });
  started.push(child);
  return child;
}
const startRedis = () => start('redis-server', redisOptions(port, folder));
const startWorker = () =>
  start(process.execPath, [join(packageRoot(), 'runner/bin/qrun.mjs'), 'worker', '--queue', url]);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

// needs redis-server (Debian: apt-get install redis-server)
describe.skipIf(!hasRedis)('a sweep over a queue', () => {
  beforeAll(() => {
    writeDemoMarket(market, { instruments: 30, years: 8, seed: 7 });
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'sweep.yaml'),
      `base: ${join(packageRoot(), 'configs/workflow_config_linear_Alpha158_demo.yaml')}
metric: {name: IC, goal: maximize}
parameters:
  task.model.kwargs.alpha: {values: [0.01, 0.1, 1.0]}
  port_analysis_config.strategy.kwargs.topk: {values: [5, 10]}
`,
    );
  });

  it('records each run once though a worker is killed and Redis goes away', async () => {
    let redis = startRedis();
    await pause(1000);
    const worker = startWorker();
    startWorker();
    const sweep = qrun(['sweep', 'sweep.yaml', '--queue', url], { cwd: folder, env: { QRUN_DEMO: market } });
    await pause(5000);
    worker.kill('SIGKILL');
    await pause(1000);
    redis.kill('SIGKILL');
    await pause(1500);
    redis = startRedis();
    const outcome = await sweep;
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    const all = runsOf(join(folder, 'mlruns')).get('sweep') ?? [];
    const meta = (run: string) => readFileSync(join(run, 'meta.yaml'), 'utf8');
    const active = all.filter((run) => meta(run).includes('lifecycle_stage: active'));
    expect(active.map((run) => /^status: (\d)$/m.exec(meta(run))![1])).toEqual([
      '3',
      '3',
      '3',
      '3',
      '3',
      '3',
    ]);
    expect(new Set(active.map((run) => readFileSync(join(run, 'tags/qrun.sweep.key'), 'utf8'))).size).toBe(6);
    expect(all.filter((run) => /^status: 1$/m.test(meta(run)))).toEqual([]);
  }, 180_000);

  it('says so where Redis does not answer', async () => {
    const wrong = await qrun(['worker', '--queue', 'http://x'], { cwd: folder });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('is no address of a queue');
  });
});
