import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../components/core/package-root.ts';
import { temporaryFolder } from './support.ts';

describe('qrun server', () => {
  const { folder, clean } = temporaryFolder();
  let child: ChildProcess | undefined;
  afterEach(() => {
    child?.kill('SIGKILL');
  });
  afterAll(clean);

  async function start(store: string): Promise<string> {
    child = spawn(
      process.execPath,
      [join(packageRoot(), 'runner/bin/qrun.mjs'), 'server', store, '--port', '0'],
      { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    for await (const text of child.stdout!) {
      const url = /http:\/\/\S+/.exec(String(text))?.[0];
      if (url) return url;
    }
    throw new Error('the server ended');
  }

  const post = async (url: string, path: string, body: object) => {
    const answer = await fetch(`${url}/api/2.0/mlflow/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
    // biome-ignore lint/suspicious/noExplicitAny: answers of any shape are looked into
    return (await answer.json()) as any;
  };

  it.each(['file', 'sqlite'])('has all that it acknowledged after kill -9: %s', async (kind) => {
    const store = kind === 'file' ? join(folder, 'mlruns') : `sqlite:///${join(folder, 'x.db')}`;
    const url = await start(store);
    const { experiment_id } = await post(url, 'experiments/create', { name: 'e' });
    const runId: string = (await post(url, 'runs/create', { experiment_id, start_time: 1 })).run.info.run_id;
    const acknowledged: number[] = [];
    const writers = Array.from({ length: 8 }, async (_, w) => {
      for (let i = 0; ; i++) {
        const step = w * 100_000 + i;
        await post(url, 'runs/log-metric', { run_id: runId, key: 'm', value: step, timestamp: step, step });
        acknowledged.push(step);
      }
    }).map((writer) => writer.catch(() => undefined));
    // in the midst of its work, however slow the machine is
    while (acknowledged.length < 100) await sleep(10);
    await sleep(Math.random() * 500);
    child!.kill('SIGKILL');
    await Promise.all(writers);
    const again = await start(store);
    const found = (await (
      await fetch(`${again}/api/2.0/mlflow/metrics/get-history?run_id=${runId}&metric_key=m`)
    ).json()) as { metrics: { step: number }[] };
    const steps = new Set(found.metrics.map((m) => m.step));
    expect(acknowledged.filter((step) => !steps.has(step))).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends in order at %s, slow clients or not', async (signal) => {
    const url = await start(join(folder, signal));
    await post(url, 'experiments/search', { max_results: 1 });
    const slow = connect(Number(new URL(url).port), '127.0.0.1');
    slow.on('error', () => {});
    slow.write(
      `POST /api/2.0/mlflow/runs/create HTTP/1.1\r\nHost: ${new URL(url).host}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    );
    const ended = once(child!, 'exit');
    // a later answer: the server has seen the slow one
    await post(url, 'experiments/search', { max_results: 1 });
    child!.kill(signal);
    expect(await ended).toEqual([0, null]);
    slow.destroy();
  });
});
