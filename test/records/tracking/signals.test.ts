import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../records/tracking/open-store.ts';
import { bundle, startChild } from './child.ts';
import { newFolder } from './support.ts';

describe('signals', () => {
  const script = bundle('start-and-wait');
  for (const [signal, form, runs] of [
    ['SIGINT', 'callback', 1],
    ['SIGTERM', 'explicit', 1],
    ['SIGINT', 'nested', 2],
  ] as const)
    it(`${signal} ends ${form} runs as KILLED, and the process by the signal`, async () => {
      const uri = `file://${newFolder()}/mlruns`;
      const child = startChild(script, [uri, form]);
      while (child.lines.length < runs) await sleep(20);
      await sleep(50);
      child.process.kill(signal);
      expect(await child.ended).toBe(signal);
      const store = await openStore(uri, Date.now);
      for (const id of child.lines) {
        const { info } = await store.getRun(id);
        expect(info.status).toBe('KILLED');
        expect(info.endTime).toBeGreaterThanOrEqual(info.startTime!);
      }
    });
});
