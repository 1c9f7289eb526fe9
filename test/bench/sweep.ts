import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openStore } from '../../records/tracking/open-store.ts';
import { benchQueue, queueWorker } from './_queue.ts';
import { watchInFolder } from './_run-in.ts';

// BENCH_QUEUE_RUNS also sends so many trivial runs through a queue; BENCH_SWEEP_RUNS=0 leaves the sweep out.
const runs = Number(process.env['BENCH_SWEEP_RUNS'] ?? 20);
const peerRuns = Number(process.env['BENCH_PEER_RUNS'] ?? 1);

/**
 * A sweep over parameters of LightGBM with the defaults of `qrun sweep`, without a cache from before: `total` beside as many runs of Python qlib's qrun
 * one after another (BENCH_PEER_RUNS are made, the best counts); `overhead` beside the time that the runs were training divided by the number of workers.
 */
export async function bench({ peer, data }: { peer: string; data: string }): Promise<Record<string, number>> {
  const figures = runs > 0 ? await benchSweep(peer, data) : {};
  if (process.env['BENCH_QUEUE_RUNS'] !== undefined) {
    if (spawnSync('redis-server', ['--version']).status === 0) await benchQueue();
    else console.log('queue: left out, there is no redis-server');
  }
  return figures;
}

async function benchSweep(peer: string, data: string): Promise<Record<string, number>> {
  const config = resolve(
    process.env['BENCH_CONFIG'] ?? '../shared/peer/configs/lightgbm_alpha158_sp500.yaml',
  );
  const folder = mkdtempSync(join(tmpdir(), 'qrun-bench-sweep-'));
  Object.assign(process.env, { SP500: data, QRUN_DEMO: data, QRUN_CACHE: join(folder, 'cache') });
  try {
    writeFileSync(join(folder, 'sweep.yaml'), sweepText(config));
    const qrun = resolve('runner/bin/qrun.mjs');
    const command = [process.execPath, qrun, 'sweep', 'sweep.yaml'];
    const { seconds, cpuSeconds } = timed('sh', ['-c', 'cd "$0" && "$@" >&2 && times', folder, ...command]);
    const { training, count, peak } = await trainingTimes(join(folder, 'mlruns'));
    if (count !== runs) throw new Error(`${count} of ${runs} runs have finished`);
    const workers = Math.min(runs, availableParallelism());
    console.log(
      `sweep: ${runs} runs, ${workers} workers: ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of the processor, peak of a process ${(peak / 1e9).toFixed(2)} GB; training took ${training.toFixed(1)} s, divided by the workers ${(training / workers).toFixed(1)} s`,
    );
    const overhead = training / workers / seconds;
    if (peerRuns === 0) return { overhead };
    let python = Number.POSITIVE_INFINITY;
    for (let i = 0; i < peerRuns; i++)
      python = Math.min(python, (await watchInFolder(`${peer}/bin/qrun`, [config])).seconds);
    console.log(`qlib: ${python.toFixed(1)} s a run, ${(python * runs).toFixed(0)} s for ${runs}`);
    return { total: (python * runs) / seconds, overhead };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Points that train about as long as the workflow itself. */
function sweepText(config: string): string {
  const around = (value: number, count: number) =>
    Array.from({ length: count }, (_, i) => (value * (0.6 + (0.8 * i) / Math.max(1, count - 1))).toFixed(2));
  return `base: ${config}
method: grid
runs: ${runs}
metric: {name: IC, goal: maximize}
parameters:
  task.model.kwargs.lambda_l1: {values: [${around(205.6999, 4).join(', ')}]}
  task.model.kwargs.lambda_l2: {values: [${around(580.9768, Math.ceil(runs / 4)).join(', ')}]}
`;
}

/** Runs a shell that ends with `times`. Not watched on the way, which would cost time of the processors. */
function timed(program: string, args: readonly string[]): { seconds: number; cpuSeconds: number } {
  const begin = performance.now();
  const { status, stdout } = spawnSync(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`);
  const seconds = (performance.now() - begin) / 1000;
  const cpu = [...stdout.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, rest]) => 60 * Number(minutes) + Number(rest),
  );
  return { seconds, cpuSeconds: cpu.reduce((sum, x) => sum + x, 0) };
}

/** Seconds of the stage `fit` of all finished runs together, and the greatest peak of a process, bytes. */
async function trainingTimes(folder: string): Promise<{ training: number; count: number; peak: number }> {
  const store = await openStore(`file:${folder}`, Date.now);
  const experiments = await store.searchExperiments();
  const { items } = await store.searchRuns(
    experiments.items.map((e) => e.experimentId),
    { filter: "attributes.status = 'FINISHED'" },
  );
  let training = 0;
  let peak = 0;
  for (const { info } of items) {
    const file = (await store.artifacts(info.runId)).localPath('stages.json');
    const { stages, peakBytes } = JSON.parse(readFileSync(file!, 'utf8')) as {
      peakBytes: number;
      stages: readonly { readonly stage: string; readonly seconds: number }[];
    };
    peak = Math.max(peak, peakBytes);
    training += stages.find(({ stage }) => stage === 'fit')!.seconds;
  }
  await store.close();
  return { training, count: items.length, peak };
}

if (process.argv[2] === 'queue-worker') await queueWorker(process.argv[3]!);
