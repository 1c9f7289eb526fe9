import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../components/core/errors.ts';
import { createR } from '../../../records/tracking/r.ts';
import { newFolder, newR, quietEnvironment } from './support.ts';

describe('R', () => {
  it('keeps two stories at the same time apart', async () => {
    const { R } = newR();
    const story = (name: string, wait: number) =>
      R.start({ experimentName: name, recorderName: name }, async () => {
        await sleep(wait);
        await R.logParams({ who: name });
        await sleep(wait);
        return [(await R.getExp()).name, (await (await R.getRecorder()).listParams())['who']];
      });
    expect(await Promise.all([story('a', 5), story('b', 1), story('c', 3)])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
      ['c', 'c'],
    ]);
    expect(R.expManager.activeExperiment).toBeUndefined();
  });

  it('marks an inner failure that is caught FAILED, and the outer run FINISHED', async () => {
    const { R } = newR();
    const outer = await R.start({ experimentName: 'e', recorderName: 'outer' }, async () => {
      await expect(
        R.start({ experimentName: 'e', recorderName: 'inner' }, () => {
          throw new Error('inner');
        }),
      ).rejects.toThrow('inner');
      return R.getRecorder();
    });
    expect(outer.status).toBe('FINISHED');
    expect((await R.getRecorder({ experimentName: 'e', recorderName: 'inner' })).status).toBe('FAILED');
  });

  it('ends what a callback started by hand and left open', async () => {
    const { R } = newR();
    const left = await R.start({ experimentName: 'e' }, async () => {
      await R.startExp({ experimentName: 'f', recorderName: 'left' });
      return R.getRecorder();
    });
    expect(left.status).toBe('FINISHED');
    expect(R.expManager.activeExperiment).toBeUndefined();
  });

  it('logs a series of steps, in order', async () => {
    const { R } = newR();
    const rec = await R.start({ experimentName: 'e' }, async () => {
      await R.logMetrics(
        {
          'l2/train': [
            [1, 0.5],
            [2, 0.25],
          ],
          one: 1,
        },
        7,
      );
      return R.getRecorder();
    });
    const store = await R.expManager.store();
    const history = async (key: string) =>
      (await store.getMetricHistory(rec.id, key)).map((p) => [p.step, p.value]);
    expect(await history('l2/train')).toEqual([
      [1, 0.5],
      [2, 0.25],
    ]);
    expect(await history('one')).toEqual([[7, 1]]);
  });

  it('says what is wrong with a value, a status, an id', async () => {
    const { R } = newR();
    await R.start({ experimentName: 'e' }, async () => {
      await expect(R.logMetrics({ a: 'x' as never })).rejects.toThrow(
        'metric "a" is x\n  a metric is a number, or pairs of step and number',
      );
      await expect(R.logMetrics({ a: [[0.5, 1]] })).rejects.toThrow(
        'step 0.5 of metric "a"\n  a step is a whole number',
      );
      await expect(R.logMetrics({ a: [[1, 'x' as never]] })).rejects.toThrow('metric "a" is x');
    });
    await R.startExp({ experimentName: 'e' });
    await expect(R.endExp('FINSHED' as never)).rejects.toThrow(
      'unknown status "FINSHED"\n  did you mean "FINISHED"? allowed: FAILED, FINISHED, KILLED, RUNNING, SCHEDULED',
    );
    await R.endExp();
    await expect(
      R.start({ experimentName: 'e', recorderId: 'nope', resume: true }, () => undefined),
    ).rejects.toThrow('no recorder with id "nope" in experiment "e"');
  });

  it('copies files and folders in and out', async () => {
    const { R } = newR();
    const folder = newFolder();
    mkdirSync(join(folder, 'in/sub'), { recursive: true });
    writeFileSync(join(folder, 'in/sub/a.txt'), 'a');
    writeFileSync(join(folder, 'in/b.txt'), 'b');
    await R.start({ experimentName: 'e' }, async () => {
      await R.logArtifacts(join(folder, 'in'), 'kept');
      expect(await R.listArtifacts('kept')).toEqual(['kept/b.txt', 'kept/sub']);
      await R.downloadArtifact('kept', folder);
      expect(await R.loadObject('kept/sub/a.txt')).toBe('a');
      await expect(R.saveObjects({ 'x.pkl': 1 }, 'kept/b.txt')).rejects.toThrow(UserError);
    });
  });

  it('keeps the state of the code, and goes on without', async () => {
    const uri = `file:${join(newFolder(), 'mlruns')}`;
    const code = async () => ({ 'code_diff.txt': 'diff' });
    const R = createR({ uri, environment: { ...quietEnvironment, code }, signals: null });
    await R.start({ experimentName: 'e' }, () => undefined);
    expect(
      await (await R.getRecorder({ experimentName: 'e', recorderName: 'mlflow_recorder' })).listArtifacts(),
    ).toEqual(['code_diff.txt']);
  });

  it('gives each of several callbacks at the same time the store that it asked for', async () => {
    const { R } = newR();
    const before = R.getUri();
    const folder = newFolder();
    const uris = ['x', 'y', 'z'].map((name) => join(folder, name));
    const seen = await Promise.all(
      uris.map((uri, k) =>
        R.uriContext(uri, async () => {
          await sleep((3 - k) * 10);
          await R.start({ experimentName: `e${k}` }, () => R.logMetrics({ m: k }));
          return [R.getUri(), [...(await R.listExperiments()).keys()].sort()];
        }),
      ),
    );
    expect(seen).toEqual(uris.map((uri, k) => [uri, ['Default', `e${k}`]]));
    expect(R.getUri()).toBe(before);
    expect([...(await R.listExperiments()).keys()]).toEqual(['Default']);
  });
});
