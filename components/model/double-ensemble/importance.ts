import type { NumpyRandom } from '../../core/numpy-random.ts';
import { allocate, denseValues, type PanelColumn, type Values } from '../../core/panel.ts';
import type { WorkerPool } from '../../core/workers.ts';
import { type ImportancePayload, importanceTask, type ShuffledFeature } from './importance-task.ts';
import type { WalkedModel } from './shuffled-output.ts';

/** Shuffled columns that exist at a time. */
const atOnce = 16;

/**
 * How much worse the ensemble gets on the training rows where the values of a feature are shuffled, for every feature: see `importanceOf`. Columns are shuffled one after
 * another, as `random` draws; threads take several each.
 */
export async function featureImportance(options: {
  /** All features of the training rows. */
  readonly columns: readonly PanelColumn[];
  /** Names of each sub-model's columns. */
  readonly names: readonly (readonly string[])[];
  readonly models: readonly WalkedModel[];
  readonly label: Values;
  readonly losses: Float64Array;
  readonly random: NumpyRandom;
  /** With columns on shared memory only. */
  readonly pool: WorkerPool | undefined;
}): Promise<Float64Array> {
  const { columns, names, label, losses, random, pool } = options;
  const models = options.models.map(lookedAt);
  const places = names.map((own) => new Map(own.map((name, i) => [name, i])));
  const share = Math.max(1, Math.floor(atOnce / (pool?.size ?? 1)));
  const out = new Float64Array(columns.length);
  const tasks: Promise<void>[] = [];
  for (let first = 0; first < columns.length; first += share) {
    const features = columns.slice(first, first + share).map(({ name, values, rows }): ShuffledFeature => {
      const shuffled = copyOf(denseValues({ group: null, name, values, rows }));
      random.shuffle(shuffled);
      return { values: shuffled, places: places.map((own) => own.get(name) ?? -1) };
    });
    const payload: ImportancePayload = { models, label, losses, features };
    if (!pool) {
      out.set(importanceTask(payload), first);
      continue;
    }
    await tasks.at(-pool.size);
    const task = pool.run<number[]>('double-ensemble-importance', payload);
    tasks.push(task.then((values) => out.set(values, first)));
    // all are awaited in the end
    tasks.at(-1)!.catch(() => {});
  }
  await Promise.all(tasks);
  return out;
}

function copyOf(values: Values): Values {
  const out = allocate(values instanceof Float32Array ? 'f32' : 'f64', values.length);
  out.set(values);
  return out;
}

/** Without columns that no tree looks at: posting a column costs time. */
function lookedAt(own: WalkedModel): WalkedModel {
  const used = new Set(own.model.trees.flatMap((tree) => [...tree.splitFeature]));
  const empty = { values: new Float32Array(0), rows: null };
  return {
    ...own,
    columns: own.columns.map(({ values, rows }, i) => (used.has(i) ? { values, rows } : empty)),
  };
}
