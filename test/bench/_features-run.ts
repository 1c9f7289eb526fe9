import { readFileSync } from 'node:fs';
import { parseTime } from '../../components/core/dates.ts';
import { WorkerPool } from '../../components/core/workers.ts';
import { openData } from '../../components/data/folder-provider.ts';

// Loads features in a process of its own: node _features-run.mjs DATA START END THREADS FIELDS.json
const [data, start, end, threads, file] = process.argv.slice(2) as [string, string, string, string, string];
const fields = (JSON.parse(readFileSync(file, 'utf8')) as [string, string][]).map(([name, expression]) => ({
  group: 'feature',
  name,
  expression,
}));
const label = { group: 'label', name: 'LABEL0', expression: 'Ref($close, -2)/Ref($close, -1) - 1' };
const pool = new WorkerPool(Number(threads));
const panel = await openData(data, { pool }).features({
  instruments: 'all',
  fields: [...fields, label],
  start: parseTime(start)!,
  end: parseTime(end)!,
});
process.stdout.write(`${JSON.stringify({ rows: panel.length })}\n`);
await pool.close();
