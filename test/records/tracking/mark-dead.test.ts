import { describe, expect, it } from 'vitest';
import { heartbeatTag, signText } from '../../../records/tracking/heartbeat.ts';
import { markDeadRuns, settledRun, shownStatus } from '../../../records/tracking/mark-dead.ts';
import { ownIdentity } from '../../../records/tracking/process-identity.ts';
import { newStore } from './support.ts';

/** A store with a run that says RUNNING under this sign of life. */
async function storeWith(change: object, at = Date.now()) {
  const { store } = newStore();
  const experimentId = await store.createExperiment('e');
  const tags = { [heartbeatTag]: signText({ ...ownIdentity(), ...change }, at) };
  const { runId } = await store.createRun({ experimentId, runName: 'r', userId: 'u', startTime: 1000, tags });
  return { store, runId };
}

const gone = { started: '1' };

describe('markDeadRuns', () => {
  it('ends a run whose process is gone at its last sign of life, and says why', async () => {
    const { store, runId } = await storeWith(gone, 5000);
    expect(await markDeadRuns(store, 9000)).toEqual([runId]);
    const { info, data } = await store.getRun(runId);
    expect([info.status, info.endTime]).toEqual(['FAILED', 5000]);
    expect(data.tags.get('qrun.died')).toBe(`process ${process.pid} on ${ownIdentity().host} is gone`);
    expect(data.tags.has(heartbeatTag)).toBe(false);
    expect(await markDeadRuns(store, 9000)).toEqual([]);
  });

  it('leaves alone who lives, and who is on another machine, however silent', async () => {
    for (const change of [{}, { host: 'another' }]) {
      const { store, runId } = await storeWith(change, 0);
      expect(await markDeadRuns(store, 1e12)).toEqual([]);
      expect((await store.getRun(runId)).info.status).toBe('RUNNING');
    }
  });

  it('ends runs from before a restart of this machine once they have been silent for long', async () => {
    const { store, runId } = await storeWith({ boot: 'before' }, 0);
    expect(await markDeadRuns(store, 1000)).toEqual([]);
    expect(await markDeadRuns(store, 1e9)).toEqual([runId]);
  });

  it('never ends a run before it began', async () => {
    const { store, runId } = await storeWith(gone, 10);
    await markDeadRuns(store, 2000);
    expect((await store.getRun(runId)).info.endTime).toBe(1000);
  });

  it('leaves a store that cannot be read to others', async () => {
    const { store } = newStore('/proc/none');
    expect(await markDeadRuns(store, 0)).toEqual([]);
  });
});

describe('settledRun', () => {
  it('sees the end of a run that ended after it was read', async () => {
    const { store, runId } = await storeWith(gone);
    const before = await store.getRun(runId);
    await store.updateRun(runId, { status: 'FINISHED', endTime: 2000 });
    expect(shownStatus(before, Date.now())).toBe('DEAD');
    expect(shownStatus(await settledRun(store, before, Date.now()), Date.now())).toBe('FINISHED');
  });
});
