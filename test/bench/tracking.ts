import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../components/core/package-root.ts';
import { openStore } from '../../records/tracking/open-store.ts';

const runs = 1000;

/**
 * Our stores beside MLflow's own client, both on this machine in this run: 1,000 metrics one by one and in a batch, 100 runs made, searches over
 * 1,000 runs of 20 metrics and 30 params; `search` and `filter` are medians of three in one process, as all of MLflow's are. `search_first` is the first search of a new process that
 * finds no index in the cache, `search_cold` (median of three) that of later processes.
 * Figures of the file store have plain names, those of SQLite begin with `sqlite_`. BENCH_FOLDER says where the stores lie.
 */
export async function bench({ peer }: { readonly peer: string }): Promise<Record<string, number>> {
  // where projects lie, not in the folder for temporary files. Making files is slow for minutes where many were deleted (ext4 without a journal does not use
  // inodes again that were freed just now): wait six before you repeat this
  const place = join(packageRoot(), process.env['QRUN_DIST'] || 'dist', 'bench');
  mkdirSync(place, { recursive: true });
  const folder = mkdtempSync(join(process.env['BENCH_FOLDER'] || place, 'tracking-'));
  await build({
    entryPoints: [join(packageRoot(), 'test', 'bench', '_tracking-search.ts')],
    outfile: join(place, '_tracking-search.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  try {
    const ratios: Record<string, number> = {};
    for (const [prefix, uriOf] of [
      ['', (name: string) => `file://${folder}/${name}`],
      ['sqlite_', (name: string) => `sqlite:///${folder}/${name}.db`],
    ] as const) {
      settle();
      const ours = await measure(uriOf('ours'), folder);
      settle();
      const theirs = measurePeer(peer, uriOf('theirs'), folder);
      for (const [figure, seconds] of Object.entries(ours))
        ratios[prefix + figure] = (theirs[figure] ?? theirs['search'] ?? Number.NaN) / seconds;
    }
    return ratios;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What others wrote or deleted just before is on the disk before a side begins, so that neither pays for it. */
function settle(): void {
  spawnSync('sync');
}

async function measure(uri: string, folder: string): Promise<Record<string, number>> {
  const seconds: Record<string, number> = {};
  const timed = async (name: string, work: () => Promise<unknown>, times = 1) => {
    const spent: number[] = [];
    for (let i = 0; i < times; i++) {
      const begin = performance.now();
      await work();
      spent.push((performance.now() - begin) / 1000);
    }
    seconds[name] = spent.sort((a, b) => a - b)[Math.floor(times / 2)]!;
  };
  const store = await openStore(uri, Date.now);
  const experimentId = await store.createExperiment('bench');
  const newRun = (id: string, runName = 'r') =>
    store.createRun({ experimentId: id, runName, userId: 'u', startTime: Date.now() });
  const [first, second] = [await newRun(experimentId), await newRun(experimentId)];
  const point = (i: number) => ({ key: 'm', value: i * 0.1, timestamp: Date.now(), step: i });
  await timed('log_metrics', async () => {
    for (let i = 0; i < 1000; i++) await store.logBatch(first.runId, { metrics: [point(i)] });
  });
  await timed('log_batch', () =>
    store.logBatch(second.runId, { metrics: Array.from({ length: 1000 }, (_, i) => point(i)) }),
  );
  await timed('create_runs', async () => {
    for (let i = 0; i < 100; i++) await newRun(experimentId);
  });
  const searched = await store.createExperiment('search');
  for (let i = 0; i < runs; i++) {
    const { runId } = await newRun(searched, `r${i}`);
    await store.logBatch(runId, {
      metrics: Array.from({ length: 20 }, (_, j) => ({
        ...point(0),
        key: `m${j}`,
        value: Math.sin(i * 20 + j),
      })),
      params: Array.from({ length: 30 }, (_, j) => [`p${j}`, `v${i % 10}-${j}`] as const),
      tags: [['k', `t${i % 3}`]],
    });
    if (i % 2) await store.updateRun(runId, { status: 'FINISHED', endTime: Date.now() });
  }
  await store.close();
  const reader = await openStore(uri, Date.now);
  const search = async () => {
    const { items } = await reader.searchRuns([searched], { orderBy: ['metrics.m3 DESC'], maxResults: runs });
    if (items.length !== runs || items[0]!.data.params.size !== 30) throw new Error('runs are missing');
  };
  await search();
  await timed('search', search, 3);
  const filter = "metrics.m5 > 0.5 AND params.p1 = 'v3-1' AND tags.k = 't1'";
  await timed(
    'filter',
    () => reader.searchRuns([searched], { filter, orderBy: ['metrics.m3 DESC'], maxResults: 100 }),
    3,
  );
  const cache = mkdtempSync(join(folder, 'cache-'));
  const [uncached, ...cached] = Array.from({ length: 4 }, () => searchInProcess(uri, searched, cache));
  seconds['search_first'] = uncached!;
  seconds['search_cold'] = cached.sort((a, b) => a - b)[1]!;
  return seconds;
}

function searchInProcess(uri: string, experimentId: string, cache: string): number {
  const program = join(packageRoot(), process.env['QRUN_DIST'] || 'dist', 'bench', '_tracking-search.mjs');
  const run = spawnSync(process.execPath, [program, uri, experimentId, String(runs)], {
    encoding: 'utf8',
    env: { ...process.env, QRUN_CACHE: cache },
  });
  if (run.status !== 0) throw new Error(`the search failed:\n${run.stderr.slice(-2000)}`);
  return Number(run.stdout);
}

function measurePeer(peer: string, uri: string, cwd: string): Record<string, number> {
  const script = join(packageRoot(), 'test', 'bench', 'tracking_peer.py');
  const run = spawnSync(join(peer, 'bin', 'python'), [script, uri, String(runs)], {
    encoding: 'utf8',
    cwd,
  });
  if (run.status !== 0) throw new Error(`MLflow failed:\n${run.stderr.slice(-2000)}`);
  return JSON.parse(run.stdout.trim().split('\n').at(-1)!) as Record<string, number>;
}
