import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../components/core/package-root.ts';
import { writeDemoMarket } from '../../components/data/demo/write-market.ts';
import { freePort } from '../free-port.ts';
import { redisOptions } from './redis-options.ts';
import { qrun, runsOf, temporaryFolder } from './support.ts';

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
const { folder, clean } = temporaryFolder();
const market = join(folder, 'market');
const port = await freePort();
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

/** Redis answers; it is another server than before if it was killed meanwhile. */
async function answers(): Promise<boolean> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  try {
    socket.write('PING\r\n');
    const [answer] = await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    return String(answer).startsWith('+PONG');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
const runs = () => runsOf(join(folder, 'mlruns')).get('sweep') ?? [];
const meta = (run: string) => readFileSync(join(run, 'meta.yaml'), 'utf8');
const finished = () => runs().filter((run) => /^status: 3$/m.test(meta(run)));

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
    const redis = startRedis();
    await expect.poll(answers).toBe(true);
    const worker = startWorker();
    startWorker();
    const sweep = qrun(['sweep', 'sweep.yaml', '--queue', url], { cwd: folder, env: { QRUN_DEMO: market } });
    await expect.poll(() => runs().length).toBeGreaterThan(0);
    worker.kill('SIGKILL');
    await expect.poll(() => finished().length).toBeGreaterThan(0);
    redis.kill('SIGKILL');
    await once(redis, 'exit');
    await sleep(1500);
    startRedis();
    const outcome = await sweep;
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    const all = runs();
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
  });

  it('says so where Redis does not answer', async () => {
    const wrong = await qrun(['worker', '--queue', 'http://x'], { cwd: folder });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('is no address of a queue');
  });
});
