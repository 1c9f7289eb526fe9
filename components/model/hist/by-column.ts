import type { WorkerPool } from '../../core/workers.ts';
import type { FeatureColumn } from '../gbdt/index.ts';

/** Columns of one thread, and what all threads get. */
export interface ColumnsPayload<P> {
  readonly columns: readonly FeatureColumn[];
  readonly common: P;
}

/** Makes a worker task of what is done with one column. */
export function columnsTask<P, R>(work: (column: FeatureColumn, common: P) => R) {
  return ({ columns, common }: ColumnsPayload<P>): R[] => columns.map((column) => work(column, common));
}

/** Does the work for every column on `threads` threads of the pool, or here where one is enough; results in the order of the columns. */
export async function byColumn<P, R>(options: {
  readonly task: string;
  readonly work: (column: FeatureColumn, common: P) => R;
  readonly columns: readonly FeatureColumn[];
  readonly common: P;
  readonly threads: number;
  readonly pool: WorkerPool | undefined;
}): Promise<R[]> {
  const { task, work, columns, common, threads, pool } = options;
  if (!pool || threads === 1) return columns.map((column) => work(column, common));
  const payloads = Array.from(
    { length: threads },
    (_, rank): ColumnsPayload<P> => ({ columns: columns.filter((_, f) => f % threads === rank), common }),
  );
  const parts = await pool.all<R[]>(task, payloads);
  return columns.map((_, f) => parts[f % threads]![Math.floor(f / threads)]!);
}
