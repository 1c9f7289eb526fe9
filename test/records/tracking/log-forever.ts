import { writeSync } from 'node:fs';
import { openStore } from '../../../records/tracking/open-store.ts';

// Logs to a shared run and to runs of its own until it is killed; says on standard output what was acknowledged.
const [uri, experimentId, shared, name] = process.argv.slice(2) as [string, string, string, string];
const store = await openStore(uri, Date.now);
// Values of its own: SQL keeps one of two equal points.
const own = name.charCodeAt(0) * 10_000_000 + Number(name.slice(1)) * 100_000;
const say = (...words: unknown[]) => writeSync(1, `${words.join('\t')}\n`);

for (let round = 0; ; round++) {
  const { runId } = await store.createRun({
    experimentId,
    runName: `${name}-${round}`,
    userId: 'u',
    startTime: Date.now(),
  });
  say('run', runId);
  for (let step = 0; step < 200; step++) {
    const value = own + round * 1000 + step + 0.25;
    const metrics = [{ key: `m/${name}`, value, timestamp: Date.now(), step }];
    await store.logBatch(shared, { metrics: [{ ...metrics[0]!, key: 'shared' }, ...metrics] });
    say('metric', shared, 'shared', value);
    say('metric', shared, `m/${name}`, value);
    await store.logBatch(runId, {
      metrics,
      params: [[`p${step}`, `v${step}`]],
      tags: [['step', String(step)]],
    });
    say('metric', runId, `m/${name}`, value);
    say('param', runId, `p${step}`, `v${step}`);
    say('tag', runId, 'step', step);
  }
  await store.updateRun(runId, { status: 'FINISHED', endTime: Date.now() });
  say('finished', runId);
}
