import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../components/core/package-root.ts';

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

/** Runs a program: its lines on stdout, its seconds, and the peak of the memory of it and its children. */
async function watch(
  program: string,
  args: readonly string[],
): Promise<{ lines: string[]; seconds: number; peak: number }> {
  const begin = performance.now();
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PYTHONWARNINGS: 'ignore' },
  });
  let text = '';
  child.stdout.on('data', (part) => {
    text += String(part);
  });
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, memoryOf(child.pid!));
  }, 50);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearInterval(timer);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`);
  return { lines: text.trim().split('\n'), seconds: (performance.now() - begin) / 1000, peak };
}

/** Bytes that a process and its descendants hold, pages they share counted once. */
function memoryOf(pid: number): number {
  try {
    const kilobytes = Number(
      /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0,
    );
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
        .trim()
        .split(/\s+/)
        .filter(Boolean)
        .map(Number),
    );
    return kilobytes * 1024 + children.reduce((sum, child) => sum + memoryOf(child), 0);
  } catch {
    // it has ended meanwhile
    return 0;
  }
}
