import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createR } from '../../records/tracking/r.ts';
import { isLost, lostRun } from '../../runner/lost-run.ts';
import { quietEnvironment } from '../records/tracking/support.ts';

const root = mkdtempSync(join(tmpdir(), 'qrun-'));
afterAll(() => rmSync(root, { recursive: true }));

describe.each(['mlruns', 'sqlite'])('a run in a store (%s) that is removed', (kind) => {
  const folder = join(root, kind);
  const uri = kind === 'mlruns' ? folder : `sqlite:///${join(folder, 'runs.db')}`;

  it('is known to be lost, also where a late write has made its folder again', async () => {
    const R = createR({ uri, environment: quietEnvironment, signals: null });
    const failure = new Error('what went wrong');
    const run = R.start({ experimentName: 'e' }, async () => {
      const recorder = await R.getRecorder();
      await recorder.saveObjects({ 'a.json': 1 });
      expect(isLost(recorder)).toBe(false);
      rmSync(folder, { recursive: true });
      expect(isLost(recorder)).toBe(true);
      const runFolder = dirname(fileURLToPath(recorder.artifactUri));
      if (kind === 'mlruns') mkdirSync(join(runFolder, 'artifacts'), { recursive: true });
      expect(isLost(recorder)).toBe(true);
      expect(lostRun(recorder, true).message).toBe(
        `the ${kind === 'mlruns' ? 'folder of the run' : 'database of the store'} was removed while it was at work: ${kind === 'mlruns' ? runFolder : join(folder, 'runs.db')}\n  nothing of the run is kept, but its model is: the same command takes it from the cache`,
      );
      throw failure;
    });
    // not what came of marking the run as failed
    await expect(run).rejects.toBe(failure);
    await R.expManager.close();
  });
});
