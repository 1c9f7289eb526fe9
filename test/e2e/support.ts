import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../components/core/package-root.ts';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as a user does, in a process of its own. */
export function qrun(
  args: readonly string[],
  { cwd, env = {} }: { cwd: string; env?: Readonly<Record<string, string>> },
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(packageRoot(), 'runner/bin/qrun.mjs'), ...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** A folder that is removed by `clean`. */
export function temporaryFolder(): { folder: string; clean: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'qrun-e2e-'));
  return { folder, clean: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Folders of the runs in a store, by experiment name. */
export function runsOf(store: string): Map<string, string[]> {
  const runs = new Map<string, string[]>();
  if (!existsSync(store)) return runs;
  for (const experiment of readdirSync(store)) {
    const meta = join(store, experiment, 'meta.yaml');
    if (!existsSync(meta)) continue;
    const name = /^name: (.*)$/m.exec(readFileSync(meta, 'utf8'))?.[1] ?? '';
    const folders = readdirSync(join(store, experiment))
      .map((run) => join(store, experiment, run))
      .filter((run) => existsSync(join(run, 'artifacts')));
    runs.set(name, folders);
  }
  return runs;
}

/** The last value of a metric of a run, as MLflow's file has it: `time value step`. */
export function metricOf(run: string, name: string): number {
  const lines = readFileSync(join(run, 'metrics', name), 'utf8')
    .trim()
    .split('\n');
  return Number(lines.at(-1)!.split(' ')[1]);
}
