import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../components/core/package-root.ts';
import { watch } from './_watch.ts';

/**
 * All columns of Alpha158 with its label, all instruments, 2008 to 2020, each side in a fresh process with two threads: `cold` compares
 * the time from its start to the loaded table (qlib's from `qlib.init` on, ours from the start of Node on), `memory` the most memory that the
 * process and its children hold (proportional set size).
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
  const folder = mkdtempSync(join(tmpdir(), 'qrun-bench-'));
  try {
    const script = join(packageRoot(), 'test', 'bench', 'features_peer.py');
    const theirs = await watch(join(peer, 'bin', 'python'), [script, data, start, end, String(threads)]);
    const [fields, told] = theirs.lines;
    const { seconds, rows } = JSON.parse(told!) as { seconds: number; rows: number };
    writeFileSync(join(folder, 'fields.json'), fields!);

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
    const ours = await watch(process.execPath, [
      program,
      data,
      start,
      end,
      String(threads),
      join(folder, 'fields.json'),
    ]);
    const { rows: ourRows } = JSON.parse(ours.lines[0]!) as { rows: number };
    if (ourRows !== rows) throw new Error(`${ourRows} rows, qlib has ${rows}`);
    const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
    console.log(
      `features: ${rows} rows; qlib ${seconds.toFixed(2)} s, ${megabytes(theirs.peak)}; qrun ${ours.seconds.toFixed(2)} s, ${megabytes(ours.peak)}`,
    );
    return { cold: seconds / ours.seconds, memory: theirs.peak / ours.peak };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
