import { openStore } from '../../records/tracking/open-store.ts';

// The first search of a process: node _tracking-search.mjs URI EXPERIMENT RUNS; prints its seconds. The store is closed behind it.
const [uri = '', experimentId = '', runs] = process.argv.slice(2);
const store = await openStore(uri, Date.now);
const begin = performance.now();
const { items } = await store.searchRuns([experimentId], {
  orderBy: ['metrics.m3 DESC'],
  maxResults: Number(runs),
});
console.log((performance.now() - begin) / 1000);
if (items.length !== Number(runs) || items[0]!.data.params.size !== 30) throw new Error('runs are missing');
await store.close();
