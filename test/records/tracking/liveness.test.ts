import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { heartbeatTag, parseSign } from '../../../records/tracking/heartbeat.ts';
import { livenessOf } from '../../../records/tracking/liveness.ts';
import { openStore } from '../../../records/tracking/open-store.ts';
import { isRunning, ownIdentity } from '../../../records/tracking/process-identity.ts';
import type { Run, RunStatus } from '../../../records/tracking/types.ts';
import { bundle, startChild } from './child.ts';
import { newFolder, newR } from './support.ts';

function run(status: RunStatus, tag?: string): Run {
  const tags = new Map(tag === undefined ? [] : [[heartbeatTag, tag]]);
  const ids = {
    runId: 'r',
    runName: '',
    experimentId: '1',
    userId: '',
    artifactUri: '',
    startTime: 1,
    endTime: null,
  };
  return {
    info: { ...ids, status, lifecycleStage: 'active' },
    data: { tags, params: new Map(), metrics: new Map() },
    datasets: [],
  };
}

describe('livenessOf', () => {
  const here = ownIdentity();
  const sign = (change: object = {}) => JSON.stringify({ ...here, at: 1_000_000, ...change });
  const of = (tag: string | undefined, now = 1_000_000, status: RunStatus = 'RUNNING') =>
    livenessOf(run(status, tag), now, here);

  it('knows processes of this machine exactly, however long they are silent', () => {
    expect(of(sign(), 1e12)).toBe('running');
    expect(of(sign({ started: '1' }))).toBe('died');
    expect(of(sign({ pid: 2 ** 22 + 1 }))).toBe('died');
  });

  it('never takes for dead what it cannot look at', () => {
    for (const change of [{ host: 'other' }, { namespace: 'pid:[1]' }, { boot: '' }, { boot: 'another' }]) {
      expect(of(sign(change), 1_100_000)).toBe('running');
      expect(of(sign(change), 1e12)).toBe('silent');
    }
  });

  it('says unknown without a sign, and ended for other statuses', () => {
    expect(of(undefined)).toBe('unknown');
    expect(of('nonsense')).toBe('unknown');
    expect(of('null')).toBe('unknown');
    expect(of(sign(), 0, 'FINISHED')).toBe('ended');
  });
});

describe('a heartbeat', () => {
  it('is there while a run runs, and taken away at its end', async () => {
    const { R } = newR();
    const rec = await R.start({ experimentName: 'e' }, async () => {
      const rec = await R.getRecorder();
      const store = await R.expManager.store();
      const found = await store.getRun(rec.id);
      expect(parseSign(found.data.tags.get(heartbeatTag))?.pid).toBe(process.pid);
      expect(livenessOf(found, Date.now())).toBe('running');
      return rec;
    });
    expect(Object.keys(await rec.listTags())).not.toContain(heartbeatTag);
  });

  it('tells a killed run from a live one', async () => {
    const uri = `file://${newFolder()}/mlruns`;
    const child = startChild(bundle('start-and-wait'), [uri, 'callback']);
    while (child.lines.length < 1) await sleep(20);
    const store = await openStore(uri, Date.now);
    const look = async () => livenessOf(await store.getRun(child.lines[0]!), Date.now());
    expect(await look()).toBe('running');
    child.process.kill('SIGKILL');
    await child.ended;
    expect(await look()).toBe('died');
    expect(isRunning(ownIdentity(), ownIdentity())).toBe(true);
  });
});
