import { createHash, hash } from 'node:crypto';
import { type BigIntStats, readFileSync, statSync } from 'node:fs';
import type { WorkerPool } from '../../core/workers.ts';

/** A hash of names, sizes, times and inodes of files: changes whenever a file is written or replaced, even if its time is put back. Absent files count as such. */
export function stampOf(files: readonly string[]): string {
  const sum = createHash('sha256');
  for (const file of files) {
    const stats: BigIntStats | undefined = statSync(file, { bigint: true, throwIfNoEntry: false });
    sum.update(
      stats
        ? `${file}\0${stats.size} ${stats.mtimeNs} ${stats.ctimeNs} ${stats.ino} ${stats.dev}\n`
        : `${file}\0-\n`,
    );
  }
  return sum.digest('hex').slice(0, 32);
}

/** A hash of the contents of files, in their order, wherever they lie. */
export async function contentOf(files: readonly string[], pool: WorkerPool | undefined): Promise<string> {
  const share = pool ? Math.max(100, Math.ceil(files.length / (2 * pool.size))) : files.length;
  const shares = Array.from({ length: Math.ceil(files.length / share) }, (_, k) =>
    files.slice(k * share, (k + 1) * share),
  );
  const hashes = pool
    ? await pool.all<string[]>('cache-content', shares)
    : shares.map((files) => cacheContentTask(files));
  return hash('sha256', hashes.flat().join('\n')).slice(0, 32);
}

/** The hash of each file; `-` for an absent one. */
export function cacheContentTask(files: readonly string[]): string[] {
  return files.map((file) => {
    try {
      return hash('sha256', readFileSync(file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '-';
      throw error;
    }
  });
}
