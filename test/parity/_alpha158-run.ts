import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTime } from '../../components/core/dates.ts';
import { WorkerPool } from '../../components/core/workers.ts';
import { openData } from '../../components/data/folder-provider.ts';
import { alpha158Features } from '../../components/dataset/handler/alpha158-features.ts';

/** Our side of tree_ic.py on a data folder: DATA START END OUT; writes Alpha158 column by column (X.f32), the label (y.f32) and the time (t.f64) of each row. */
const [data = '', start = '', end = '', out = ''] = process.argv.slice(2);
const pool = new WorkerPool(2);
const label = { group: 'label', name: 'LABEL0', expression: 'Ref($close, -2)/Ref($close, -1) - 1' };
const { index, columns, length } = await openData(data, { pool }).features({
  instruments: 'all',
  fields: [...alpha158Features(), label],
  start: parseTime(start)!,
  end: parseTime(end)!,
});
const times = new Float64Array(length);
for (let t = 0; t < index.times.length; t++)
  times.fill(Number(index.times[t]!), index.offsets[t]!, index.offsets[t + 1]!);
const features = columns.slice(0, -1);
const all = new Float32Array(features.length * length);
for (const [f, { values, rows }] of [...features.entries()])
  for (let i = 0; i < length; i++) all[f * length + i] = values[rows ? rows[i]! : i]!;
const target = columns.at(-1)!;
const y = Float32Array.from({ length }, (_, i) => target.values[target.rows ? target.rows[i]! : i]!);
writeFileSync(join(out, 'X.f32'), all);
writeFileSync(join(out, 'y.f32'), y);
writeFileSync(join(out, 't.f64'), times);
await pool.close();
