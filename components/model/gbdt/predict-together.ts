import { allocate } from '../../core/panel.ts';
import type { WorkerPool } from '../../core/workers.ts';
import type { Booster, ModelData, PredictOptions } from './booster.ts';
import { isBinned, type TreeColumn } from './data.ts';
import { predictRows } from './predict.ts';

/** What one thread predicts. */
export interface PredictPayload {
  readonly model: ModelData;
  readonly columns: readonly TreeColumn[];
  readonly from: number;
  readonly to: number;
  readonly options: PredictOptions;
  readonly out: Float64Array;
}

/** Rows times trees from which on threads pay. */
const worthThreads = 2_000_000;

/** `Booster.predict` on the pool's threads. The same numbers; the result lies on shared memory. */
export async function predictTogether(
  booster: Booster,
  columns: readonly TreeColumn[],
  length: number,
  pool: WorkerPool | undefined,
  options: PredictOptions = {},
): Promise<Float64Array> {
  const { model } = booster;
  const out = allocate('f64', length * booster.outputWidth(options));
  const shared = columns.every(
    (column) => (isBinned(column) ? column.bins : column.values).buffer instanceof SharedArrayBuffer,
  );
  if (!pool || !shared || length * model.trees.length < worthThreads) {
    predictRows(model, columns, 0, length, options, out);
    return out;
  }
  const used = usedColumns(model, columns);
  const parts = Array.from({ length: pool.size }, (_, k) => Math.floor((k * length) / pool.size));
  await pool.all(
    'gbdt-predict',
    parts.map((from, k): PredictPayload => {
      const to = parts[k + 1] ?? length;
      return { model, columns: used, from, to, options, out };
    }),
  );
  return out;
}

/** The worker task `gbdt-predict`. */
export function predictPart({ model, columns, from, to, options, out }: PredictPayload): void {
  predictRows(model, columns, from, to, options, out);
}

/** Columns that no tree looks at stay behind: posting a column costs time. */
function usedColumns(model: ModelData, columns: readonly TreeColumn[]): TreeColumn[] {
  const used = new Uint8Array(columns.length);
  for (const { splitFeature } of model.trees) for (const feature of splitFeature) used[feature] = 1;
  const empty = { values: new Float32Array(0), rows: null };
  return columns.map((column, i) => {
    if (!used[i]) return empty;
    if (isBinned(column)) return column;
    const { values, rows } = column;
    return { values, rows };
  });
}
