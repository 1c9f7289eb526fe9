import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watch } from './_watch.ts';

/** Runs a program in an empty folder of its own, which is removed, and watches it. */
export async function watchInFolder(program: string, args: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'qrun-bench-'));
  try {
    return await watch('sh', ['-c', 'cd "$0" && exec "$@"', folder, program, ...args]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
