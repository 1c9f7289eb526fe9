import type { WorkerPool } from '../../core/workers.ts';
import type { FeatureColumn, ModelData } from '../gbdt/index.ts';
import { RowWalker } from '../gbdt/tree/walk.ts';

/** The leaf of every row in every tree, row by row: `(rows, trees)`, on shared memory. */
export interface LeafTable {
  readonly leaves: Uint8Array | Uint16Array | Uint32Array;
  readonly trees: number;
}

/** Rows whose leaves are written together: their part of the table stays in the cache. */
const block = 4096;
/** Rows times trees from which on threads pay. */
const worthThreads = 2_000_000;

export interface LeafPayload {
  readonly model: ModelData;
  readonly columns: readonly FeatureColumn[];
  readonly table: LeafTable;
  readonly from: number;
  readonly to: number;
}

/** Walks all rows through all trees once, so that what trees say of them need not be walked for again. A byte a row and tree where no tree has more than 256 leaves. */
export async function leafTable(
  model: ModelData,
  columns: readonly FeatureColumn[],
  length: number,
  pool: WorkerPool | undefined,
): Promise<LeafTable> {
  const trees = model.trees.length;
  const table = {
    leaves: storage(Math.max(...model.trees.map((tree) => tree.numLeaves)), length * trees),
    trees,
  };
  if (!pool || length * trees < worthThreads) {
    fillLeaves({ model, columns, table, from: 0, to: length });
    return table;
  }
  const parts = Array.from({ length: pool.size }, (_, k) => Math.floor((k * length) / pool.size));
  await pool.all(
    'double-ensemble-leaves',
    parts.map((from, k): LeafPayload => ({ model, columns, table, from, to: parts[k + 1] ?? length })),
  );
  return table;
}

function storage(leaves: number, length: number): LeafTable['leaves'] {
  if (leaves <= 2 ** 8) return new Uint8Array(new SharedArrayBuffer(length));
  if (leaves <= 2 ** 16) return new Uint16Array(new SharedArrayBuffer(2 * length));
  return new Uint32Array(new SharedArrayBuffer(4 * length));
}

/** The worker task `double-ensemble-leaves`. */
export function fillLeaves({ model, columns, table, from, to }: LeafPayload): void {
  const { leaves, trees } = table;
  const walker = new RowWalker(columns);
  for (let start = from; start < to; start += block)
    for (const [t, tree] of model.trees.entries())
      walker.walk(tree, null, start, Math.min(start + block, to), (leaf, rows, first, last) => {
        for (let i = first; i < last; i++) leaves[rows[i]! * trees + t] = leaf;
      });
}
