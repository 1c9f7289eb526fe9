import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createR } from '../../../records/tracking/r.ts';

// Starts runs and waits to be told to end.
const [uri, form] = process.argv.slice(2) as [string, string];
const R = createR({ uri });
const wait = async () => {
  await R.logMetrics({ m: 1 });
  writeSync(1, `${(await R.getRecorder()).id}\n`);
  await sleep(600_000);
};
if (form === 'explicit') {
  await R.startExp({ experimentName: 'e' });
  await wait();
} else if (form === 'nested')
  await R.start({ experimentName: 'e' }, async () => {
    writeSync(1, `${(await R.getRecorder()).id}\n`);
    await R.start({ experimentName: 'e' }, wait);
  });
else await R.start({ experimentName: 'e' }, wait);
