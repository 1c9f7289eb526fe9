import { openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { allocate } from '../../components/core/panel.ts';
import { WorkerPool } from '../../components/core/workers.ts';
import { trainCat } from '../../components/model/catboost/train.ts';
import { trainXgb } from '../../components/model/xgb/train.ts';

// Trains our XGBoost or CatBoost on the columns that the peer gets: node _trees-run.mjs xgb|catboost FOLDER ROWS COLUMNS PARAMS ROUNDS
const [library, folder = '', rowsText, columnsText, paramsText = '', roundsText] = process.argv.slice(2);
const [rows, columns, rounds] = [Number(rowsText), Number(columnsText), Number(roundsText)];
const params = JSON.parse(paramsText) as Record<string, unknown>;
const read = (file: number, at: number) => {
  const values = allocate('f32', rows);
  readSync(file, new Uint8Array(values.buffer), 0, rows * 4, at);
  return values;
};
const X = openSync(join(folder, 'X.f32'), 'r');
const data = {
  columns: Array.from({ length: columns }, (_, c) => ({ values: read(X, c * rows * 4), rows: null })),
  label: read(openSync(join(folder, 'y.f32'), 'r'), 0),
};
// CatBoost wants a set to evaluate; one of few rows costs nothing
const few = { columns: data.columns.map(({ values }) => ({ values: values.slice(0, 1000), rows: null })) };
const valid = { ...few, label: data.label.slice(0, 1000) };
const pool = new WorkerPool(2);
let loss = Number.NaN;
const begin = performance.now();
if (library === 'xgb')
  await trainXgb({
    params,
    data,
    rounds,
    evals: [{ name: 'train', data }],
    pool,
    onIteration: (_, [evaluation]) => (loss = evaluation!.value),
  });
else
  await trainCat({
    params,
    data,
    valid,
    iterations: rounds,
    stopAfter: rounds,
    pool,
    onIteration: (_, { train }) => (loss = train),
  });
const { user, system } = process.cpuUsage();
console.log(
  JSON.stringify({
    seconds: (performance.now() - begin) / 1000,
    cpu: (user + system) / 1e6,
    loss,
  }),
);
await pool.close();
