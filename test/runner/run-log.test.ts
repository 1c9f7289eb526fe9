import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createR } from '../../records/tracking/r.ts';
import { RunLog } from '../../runner/run-log.ts';
import { quietEnvironment } from '../records/tracking/support.ts';

const root = mkdtempSync(join(tmpdir(), 'qrun-'));
afterAll(() => rmSync(root, { recursive: true }));

async function withLog(work: (log: RunLog, folder: string) => Promise<void>): Promise<void> {
  const R = createR({ uri: join(root, 'mlruns'), environment: quietEnvironment, signals: null });
  await R.start({ experimentName: 'e' }, async () => {
    const recorder = await R.getRecorder();
    const log = new RunLog();
    log.line('early');
    await log.attach(recorder);
    await work(log, dirname(await recorder.downloadArtifact('qrun.log')));
  });
  await R.expManager.close();
}

describe('RunLog', () => {
  it('keeps lines that cannot be written until they can', () =>
    withLog(async (log, folder) => {
      renameSync(folder, `${folder}.away`);
      log.line('meanwhile');
      renameSync(`${folder}.away`, folder);
      log.line('again');
      expect(readFileSync(join(folder, 'qrun.log'), 'utf8')).toBe('early\nmeanwhile\nagain\n');
      await log.detach();
    }));

  it('tells at its end of lines that are in no file', () =>
    withLog(async (log, folder) => {
      renameSync(folder, `${folder}.away`);
      log.line('last');
      await expect(log.detach()).rejects.toThrow(expect.objectContaining({ code: 'ENOENT' }));
      renameSync(`${folder}.away`, folder);
    }));
});
