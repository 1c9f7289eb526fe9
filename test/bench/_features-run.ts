import { silentLog } from '../../components/core/log.ts';
import { WorkerPool } from '../../components/core/workers.ts';
import { openData } from '../../components/data/folder-provider.ts';
import { createContext } from '../../runner/context.ts';

// Makes Alpha158's handler in a process of its own; prints the seconds from the opened data to the whole handler, and its rows: node _features-run.mjs DATA START END THREADS
const [data, start, end, threads] = process.argv.slice(2) as [string, string, string, string];
const begin = performance.now();
const pool = new WorkerPool(Number(threads));
const context = createContext({
  workflow: { folder: process.cwd(), searchPaths: [] },
  regionName: 'us',
  data: openData(data, { pool }),
  pool,
  log: silentLog,
  seed: 0,
  now: Date.now,
  blasThreads: 2,
});
const handler = await context.build(
  'handler',
  {
    class: 'Alpha158',
    module_path: 'qlib.contrib.data.handler',
    kwargs: { instruments: 'all', start_time: start, end_time: end },
  },
  [],
);
await handler.setup();
const rows = async (dataKey: 'raw' | 'learn') =>
  (await handler.fetch({ start: null, end: null }, { dataKey })).length;
const [raw, learn] = [await rows('raw'), await rows('learn')];
const seconds = (performance.now() - begin) / 1000;
process.stdout.write(`${JSON.stringify({ seconds, raw, learn })}\n`);
await pool.close();
