import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../components/core/package-root.ts';
import { openStore } from '../../records/tracking/open-store.ts';

const calls = 4000;
const connections = 4;
const rounds = 3;
/** Milliseconds that a page over 10,000 runs may take, for the first rows and for those of another order or filter. */
const budgets = { page: 300, sort: 150, filter: 150 };

interface Case {
  readonly kind: 'file' | 'sqlite';
  readonly runs: number;
  readonly hasPeer: boolean;
}
/** BENCH_STORES=sqlite leaves out the others. */
const chosen = process.env['BENCH_STORES']?.split(',');
const cases: readonly Case[] = [
  { kind: 'file', runs: 1000, hasPeer: true },
  { kind: 'file', runs: 10_000, hasPeer: false },
  { kind: 'sqlite', runs: 10_000, hasPeer: true },
];

/**
 * The server beside `mlflow server` on the same store, one after the other, by the same client: `log`, calls of log-metric a second
 * over a few connections; `list`, one request for 1,000 runs x 20 metrics x 10 params; `page`, `sort` and `filter`, 100 runs as the page asks for them:
 * the newest, by a metric, with a metric above a value. Ratios of times, theirs over ours. MLflow is not asked for 10,000 runs of a file store.
 */
export async function bench({ peer }: { peer: string }): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const { kind, runs, hasPeer } of cases) {
    if (chosen && !chosen.includes(kind)) continue;
    const folder = mkdtempSync(join(tmpdir(), 'qrun-bench-server-'));
    try {
      const uri = kind === 'file' ? join(folder, 'store') : `sqlite:///${join(folder, 'runs.db')}`;
      const experimentId = await fill(uri, runs);
      const ours = await measureOurs(uri, experimentId);
      const theirs = hasPeer ? await measurePeer(peer, uri, folder, experimentId) : undefined;
      for (const figure of Object.keys(ours) as (keyof Times)[]) {
        const ms = 1000 * ours[figure];
        const budget = runs === 10_000 && figure in budgets ? budgets[figure as keyof typeof budgets] : null;
        console.log(
          `${kind}, ${runs} runs, ${figure}: qrun ${ms.toFixed(1)} ms${theirs ? `, mlflow ${(1000 * theirs[figure]).toFixed(1)} ms` : ''}${budget === null ? '' : ` (budget ${budget} ms)`}`,
        );
        if (theirs) figures[kind === 'file' ? figure : `${kind}-${figure}`] = theirs[figure] / ours[figure];
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return figures;
}

/** Seconds; of requests the median. */
interface Times {
  /** All calls that log. */
  readonly log: number;
  readonly list: number;
  readonly page: number;
  readonly sort: number;
  readonly filter: number;
}

async function fill(uri: string, runs: number): Promise<string> {
  const store = await openStore(uri, Date.now);
  const experimentId = await store.createExperiment('bench');
  for (let i = 0; i < runs; i++) {
    const { runId } = await store.createRun({
      experimentId,
      runName: `run ${i}`,
      userId: 'u',
      startTime: 1e12 + i,
    });
    await store.logBatch(runId, {
      metrics: Array.from({ length: 20 }, (_, k) => ({
        key: `metric_${k}`,
        value: Math.sin(i * 20 + k),
        timestamp: 1e12,
        step: 0,
      })),
      params: Array.from({ length: 10 }, (_, k) => [`param_${k}`, String((i * k) % 17)] as const),
    });
    await store.updateRun(runId, { status: 'FINISHED', endTime: 1e12 + i + 1 });
  }
  await store.close();
  return experimentId;
}

async function measureOurs(store: string, experimentId: string): Promise<Times> {
  const port = await freePort();
  const cli = join(packageRoot(), process.env['QRUN_DIST'] || 'dist', 'cli.js');
  const child = spawn(process.execPath, [cli, 'server', store, '--port', String(port)], { stdio: 'ignore' });
  try {
    await isUp(port, child);
    return await measure(port, experimentId);
  } finally {
    child.kill();
  }
}

async function measurePeer(
  peer: string,
  store: string,
  folder: string,
  experimentId: string,
): Promise<Times> {
  const port = await freePort();
  const args = ['-m', 'mlflow', 'server', '--backend-store-uri', store];
  const env = { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true', MLFLOW_ALLOW_FILE_STORE: 'true' };
  const child = spawn(join(peer, 'bin', 'python'), [...args, '--port', String(port), '--workers', '1'], {
    cwd: folder,
    env,
    stdio: 'ignore',
    detached: true,
  });
  try {
    await isUp(port, child);
    return await measure(port, experimentId);
  } finally {
    // The server starts workers: the whole group has to go.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }
}

async function measure(port: number, experimentId: string): Promise<Times> {
  const client = new Client(port);
  const made = await client.post('runs/create', {
    experiment_id: experimentId,
    start_time: 1,
    run_name: 'logged',
  });
  const runId = (JSON.parse(made) as { run: { info: { run_id: string } } }).run.info.run_id;
  const log = async (from: number, to: number) => {
    for (let step = from; step < to; step++)
      await client.post('runs/log-metric', {
        run_id: runId,
        key: `m${from}`,
        value: step / 7,
        timestamp: 1e12 + step,
        step,
      });
  };
  await log(0, 500);
  const began = performance.now();
  const share = calls / connections;
  await Promise.all(
    Array.from({ length: connections }, (_, c) => log(1000 + c * share, 1000 + (c + 1) * share)),
  );
  const logged = (performance.now() - began) / 1000;

  const timed = async (rows: number, options: object) => {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const from = performance.now();
      const text = await client.post('runs/search', {
        experiment_ids: [experimentId],
        max_results: rows,
        ...options,
      });
      times.push((performance.now() - from) / 1000);
      const found = (JSON.parse(text) as { runs: unknown[] }).runs.length;
      if (found !== rows) throw new Error(`${found} of ${rows} runs were listed`);
    }
    return times.sort((a, b) => a - b)[Math.floor(rounds / 2)]!;
  };
  const times = {
    log: logged,
    page: await timed(100, {}),
    sort: await timed(100, { order_by: ['metrics.metric_3 DESC'] }),
    filter: await timed(100, { filter: 'metrics.metric_5 > 0.5' }),
    list: await timed(1000, {}),
  };
  client.close();
  return times;
}

class Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: connections });
  constructor(private readonly port: number) {}

  post(path: string, body: object): Promise<string> {
    const text = JSON.stringify(body);
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.port,
          method: 'POST',
          path: `/api/2.0/mlflow/${path}`,
          agent: this.#agent,
          headers,
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () => {
            const answer = Buffer.concat(parts).toString('utf8');
            if (response.statusCode === 200) resolve(answer);
            else reject(new Error(`${path}: ${response.statusCode} ${answer.slice(0, 200)}`));
          });
        },
      );
      sent.on('error', reject);
      sent.end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

async function isUp(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`mlflow server ended with ${child.exitCode}`);
    try {
      if ((await fetch(`http://127.0.0.1:${port}/health`)).ok) return;
    } catch {
      // Not yet.
    }
    await new Promise((next) => setTimeout(next, 200));
  }
  throw new Error('mlflow server does not answer after a minute');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
