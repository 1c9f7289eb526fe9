import { openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { allocate } from '../../components/core/panel.ts';
import { WorkerPool } from '../../components/core/workers.ts';
import { train } from '../../components/model/gbdt/index.ts';

// Trains our boosting on the columns that the peer gets: node _gbdt-run.mjs FOLDER ROWS COLUMNS PARAMS ROUNDS QUERY
const [folder = '', rowsText, columnsText, params = '', rounds, queryText] = process.argv.slice(2);
const [rows, columns] = [Number(rowsText), Number(columnsText)];
const query = Number(queryText ?? 0);
const read = (file: number, at: number) => {
  const values = allocate('f32', rows);
  readSync(file, new Uint8Array(values.buffer), 0, rows * 4, at);
  return values;
};
const X = openSync(join(folder, 'X.f32'), 'r');
const data = {
  columns: Array.from({ length: columns }, (_, c) => ({ values: read(X, c * rows * 4), rows: null })),
  label: read(openSync(join(folder, 'y.f32'), 'r'), 0),
  group:
    query > 0
      ? Array.from({ length: Math.ceil(rows / query) }, (_, q) => Math.min(query, rows - q * query))
      : null,
};
const pool = new WorkerPool(2);
const begin = performance.now();
const { evals } = await train({
  params: JSON.parse(params) as Record<string, unknown>,
  data,
  rounds: Number(rounds),
  valids: [{ name: 'train', data }],
  pool,
});
const [losses] = evals.get('train')!.values();
console.log(JSON.stringify({ seconds: (performance.now() - begin) / 1000, loss: losses!.at(-1) }));
await pool.close();
