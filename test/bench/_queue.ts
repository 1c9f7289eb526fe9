import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import PQueue from 'p-queue';
import { openStore } from '../../records/tracking/open-store.ts';
import type { TrackingStore } from '../../records/tracking/store.ts';
import type { Job } from '../../runner/sweep/protocol.ts';
import { queueExecutor } from '../../runner/sweep/queue/executor.ts';
import { runQueued } from '../../runner/sweep/queue/run-queued.ts';
import { serveQueue } from '../../runner/sweep/queue/serve-queue.ts';
import { finishedRuns, sweepRuns } from '../../runner/sweep/sweep-state.ts';
import { tags } from '../../runner/sweep/tags.ts';
import { redisOptions } from '../e2e/redis-options.ts';

const runs = Number(process.env['BENCH_QUEUE_RUNS'] ?? 10_000);
const workers = 4;
const self = fileURLToPath(import.meta.url);
const experimentName = 'queue';
const sweepId = 'bench';

/**
 * BENCH_QUEUE_RUNS trivial runs (10,000) through a queue with four worker processes, of which one is killed every fifth of the way; Redis is killed once.
 * Throws where a run is lost or doubled, or where memory grows. No peer has such a queue: the line that it prints is the figure.
 */
export async function benchQueue(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-queue-'));
  const port = 20_000 + Math.floor(process.pid % 20_000);
  const url = `redis://127.0.0.1:${port}`;
  const uri = `sqlite:///${folder}/runs.db`;
  let redis = startRedis(port, folder);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const store = await openStore(uri, Date.now);
  const experimentId = await store.createExperiment(experimentName);
  const children = Array.from({ length: workers }, () => startWorker(url));
  const executor = await queueExecutor({
    url,
    workers: 0,
    env: process.env,
    say: (line) => process.stdout.write(`${line}\n`),
  });
  const queue = new PQueue({ concurrency: executor.parallel });
  const memory: number[][] = [];
  const started = performance.now();
  let done = 0;
  try {
    await queue.addAll(
      Array.from({ length: runs }, (_, i) => async () => {
        const job = jobOf(i, uri);
        for (
          let result = await executor.run(job, {}, 0);
          result.status !== 'finished';
          result = await executor.run(job, {}, 0)
        );
        done++;
        if (done % Math.ceil(runs / 10) === 0)
          memory.push([process.pid, ...children.map((c) => c.pid!)].map(residentBytes));
        if (done % Math.ceil(runs / 5) === 0 && done < runs) {
          children.shift()!.kill('SIGKILL');
          children.push(startWorker(url));
        }
        if (done === Math.floor(runs / 2)) {
          redis.kill('SIGKILL');
          setTimeout(() => {
            redis = startRedis(port, folder);
          }, 2000);
        }
      }),
    );
    const seconds = (performance.now() - started) / 1000;
    await checkStore(store, experimentId);
    const mega = (bytes: number | undefined) => ((bytes ?? 0) / 1e6).toFixed(0);
    const [first, last] = [memory[0]!, memory.at(-1)!];
    process.stdout.write(
      `queue: ${runs} runs, ${workers} workers, ${seconds.toFixed(1)} s, ${(runs / seconds).toFixed(0)} a second; none lost, none doubled; ` +
        `memory of the sweep's process ${mega(first[0])} MB after a tenth, ${mega(last[0])} MB at the end; of workers ${last.slice(1).map(mega).join(', ')} MB\n`,
    );
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await executor.close();
    await store.close();
    redis.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function checkStore(store: TrackingStore, experimentId: string): Promise<void> {
  const found = await sweepRuns(store, experimentId, sweepId);
  const finished = found.filter((run) => run.info.status === 'FINISHED');
  const points = finishedRuns(found);
  if (points.size !== runs) throw new Error(`${runs - points.size} of ${runs} runs are lost`);
  if (finished.length !== runs) throw new Error(`${finished.length - runs} runs are doubled`);
}

function jobOf(i: number, uri: string): Job {
  const key = String(i);
  return {
    id: `${sweepId}-${key}`,
    config: self,
    overrides: [],
    tags: { [tags.id]: sweepId, [tags.key]: key },
    seed: 0,
    experimentName,
    uri,
    uriFolder: undefined,
    cwd: tmpdir(),
    threads: 1,
    handlerKey: undefined,
    fitKey: undefined,
    reuseFrom: undefined,
    timeLimit: undefined,
    watch: undefined,
  };
}

function startRedis(port: number, folder: string): ChildProcess {
  return spawn('redis-server', redisOptions(port, folder), { stdio: 'ignore' });
}

const startWorker = (url: string) => fork(self, ['queue-worker', url], { stdio: 'inherit' });

function residentBytes(pid: number): number {
  try {
    return 4096 * Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  } catch {
    return 0;
  }
}

/** A worker process whose runs do nothing but be recorded. */
export async function queueWorker(url: string): Promise<void> {
  process.once('disconnect', () => process.exit());
  const stores = new Map<string, { store: TrackingStore; experimentId: string }>();
  const opened = async (uri: string) => {
    let known = stores.get(uri);
    if (!known) {
      const store = await openStore(uri, Date.now);
      known = { store, experimentId: (await store.getExperimentByName(experimentName))!.experimentId };
      stores.set(uri, known);
    }
    return known;
  };
  await serveQueue({
    url,
    concurrency: 4,
    lockMs: 5000,
    say: () => {},
    run: (job, context) =>
      runQueued(job, context, {
        stopJob: () => {},
        async run() {
          const { store, experimentId } = await opened(job.uri);
          const { runId } = await store.createRun({
            experimentId,
            runName: 'trivial',
            userId: 'bench',
            startTime: Date.now(),
            tags: job.tags,
          });
          await store.logBatch(runId, {
            metrics: [{ key: 'IC', value: Number(job.tags[tags.key]), timestamp: Date.now(), step: 0 }],
          });
          await store.updateRun(runId, { status: 'FINISHED', endTime: Date.now() });
          return { status: 'finished', runId, metrics: {}, seconds: 0, fitSeconds: 0 };
        },
      }),
  });
}
