import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createR, type QlibRecorder } from '../../../records/tracking/r.ts';
import { freePort } from '../../free-port.ts';
import { newFolder, quietEnvironment } from './support.ts';

const peer = process.env['PEER'];
const python = peer ? join(peer, 'bin', 'python') : '';

describe.skipIf(!peer || !existsSync(python))(
  'a server of MLflow (skipped unless PEER names a Python with mlflow)',
  () => {
    let R: QlibRecorder;
    let stop: () => void = () => undefined;

    beforeAll(async () => {
      const folder = newFolder();
      const port = await freePort();
      const options = ['--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
      const child = spawn(
        python,
        ['-m', 'mlflow', 'server', '--backend-store-uri', `sqlite:///${folder}/m.db`, ...options],
        {
          cwd: folder,
          stdio: 'ignore',
          detached: true,
        },
      );
      stop = () => void (child.pid && process.kill(-child.pid, 'SIGKILL'));
      const uri = `http://127.0.0.1:${port}`;
      for (let i = 0; i < 300; i++) {
        if (
          await fetch(`${uri}/health`).then(
            (r) => r.ok,
            () => false,
          )
        )
          break;
        await sleep(200);
      }
      R = createR({ uri, environment: quietEnvironment, signals: null });
    });
    afterAll(() => stop());

    it('keeps runs, artifacts and searches of ours', async () => {
      const rec = await R.start({ experimentName: 'é', recorderName: 'one' }, async () => {
        await R.logParams({ a: 1, 'p/q': [1, null] });
        await R.logMetrics({
          IC: 0.05,
          nan: Number.NaN,
          l2: Array.from({ length: 2500 }, (_, i) => [i, i / 7] as const),
        });
        await R.saveObjects({ 'x.pkl': { a: [1, 2] } }, 'deep/er');
        return R.getRecorder();
      });
      expect(rec.status).toBe('FINISHED');
      expect(await rec.listParams()).toMatchObject({ a: '1', 'p/q': '[1, None]' });
      expect(await rec.listMetrics()).toMatchObject({ IC: 0.05, nan: Number.NaN, l2: 2499 / 7 });
      expect((await (await R.expManager.store()).getMetricHistory(rec.id, 'l2')).length).toBe(2500);
      expect(await rec.listArtifacts('deep')).toEqual(['deep/er']);
      expect(await rec.loadObject('deep/er/x.pkl')).toEqual(new Map([['a', [1, 2]]]));
      await expect(rec.loadObject('deep/nope.pkl')).rejects.toThrow('no artifact "deep/nope.pkl" in the run');
      await expect(rec.logParams({ a: 2 })).rejects.toThrow('Changing param values is not allowed');
      const { id } = await R.getExp({ experimentName: 'é' });
      const found = await R.searchRecords([id], {
        filter: "metrics.IC > 0 AND params.a = '1'",
        orderBy: ['metrics.IC DESC'],
      });
      expect(found.items.map((r) => r.info.runId)).toEqual([rec.id]);
      const failed = R.start({ experimentName: 'é', recorderName: 'bad' }, () => {
        throw new Error('on purpose');
      });
      await expect(failed).rejects.toThrow('on purpose');
      expect((await R.getRecorder({ experimentName: 'é', recorderName: 'bad' })).status).toBe('FAILED');
      await R.deleteExp({ experimentName: 'é' });
      await expect(R.getExp({ experimentName: 'é', create: false })).rejects.toThrow(
        'no experiment named "é"',
      );
    });
  },
);
