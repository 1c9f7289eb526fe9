import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, type Mock, vi } from 'vitest';
import { openStore } from '../../../../records/tracking/open-store.ts';
import { createR } from '../../../../records/tracking/r.ts';
import type { TrackingStore } from '../../../../records/tracking/store.ts';
import { quietEnvironment } from '../../../records/tracking/support.ts';

export interface MadeRun {
  readonly name?: string;
  readonly experiment?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly objects?: Readonly<Record<string, unknown>>;
}

/** A new folder for a file of tests. */
export function testFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'qrun-runs-')));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Makes finished runs in a store; returns their ids. */
export async function makeRuns(uri: string, runs: readonly MadeRun[]): Promise<string[]> {
  const R = createR({ uri, environment: quietEnvironment, signals: null });
  const ids: string[] = [];
  for (const { name = 'run', experiment = 'e', params = {}, metrics = {}, objects = {} } of runs)
    await R.start({ experimentName: experiment, recorderName: name }, async () => {
      await R.logParams(params);
      await R.logMetrics(metrics);
      await R.saveObjects(objects);
      ids.push((await R.getRecorder()).id);
    });
  await R.expManager.close();
  return ids;
}

export async function withOpen<T>(uri: string, work: (store: TrackingStore) => Promise<T>): Promise<T> {
  const store = await openStore(uri, Date.now);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** What is printed on standard output from now on. */
export function captureOutput(): { take(): string } {
  let text = '';
  let spy: Mock;
  beforeAll(() => {
    spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      text += String(chunk);
      return true;
    }) as unknown as Mock;
  });
  afterAll(() => spy.mockRestore());
  return {
    take() {
      const taken = text;
      text = '';
      return taken;
    },
  };
}
