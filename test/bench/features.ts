import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../components/core/package-root.ts';
import { watch } from './_watch.ts';

interface Told {
  readonly seconds: number;
  readonly raw: number;
  readonly learn: number;
}

/**
 * Alpha158's handler with its own processors, all instruments, 2008 to 2020, each side in a fresh process: `cold` compares the time from
 * opening the data to the processed tables, `memory` the most memory that the process and its children hold (proportional set size). Ours has two threads;
 * qlib has the number of processes that it takes by itself (cores but two, at least one), or BENCH_KERNELS.
 */
export async function bench({
  peer,
  data,
  start = '2008-01-01',
  end = '2020-12-31',
}: {
  readonly peer: string;
  readonly data: string;
  readonly start?: string;
  readonly end?: string;
}): Promise<Record<string, number>> {
  const threads = 2;
  const kernels = process.env['BENCH_KERNELS'] ? [process.env['BENCH_KERNELS']] : [];
  const folder = mkdtempSync(join(tmpdir(), 'qrun-bench-'));
  try {
    const script = join(packageRoot(), 'test', 'bench', 'features_peer.py');
    const theirs = await watch(join(peer, 'bin', 'python'), [script, data, start, end, ...kernels]);
    const qlib = JSON.parse(theirs.lines.at(-1)!) as Told;
    const program = join(packageRoot(), process.env['QRUN_DIST'] || 'dist', 'bench', '_features-run.mjs');
    const entry = join(packageRoot(), 'test', 'bench', '_features-run.ts');
    await build({
      entryPoints: [entry],
      outfile: program,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      logLevel: 'warning',
    });
    const ours = await watch(process.execPath, [program, data, start, end, String(threads)]);
    const { seconds, raw, learn } = JSON.parse(ours.lines[0]!) as Told;
    if (raw !== qlib.raw || learn !== qlib.learn)
      throw new Error(`${raw} rows, ${learn} to learn from; qlib has ${qlib.raw} and ${qlib.learn}`);
    const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
    console.log(
      `features: ${raw} rows; qlib ${qlib.seconds.toFixed(2)} s, ${megabytes(theirs.peak)}; qrun ${seconds.toFixed(2)} s, ${megabytes(ours.peak)}`,
    );
    return { cold: qlib.seconds / seconds, memory: theirs.peak / ours.peak };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
