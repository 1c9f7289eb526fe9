import { describe, expect, it } from 'vitest';
import { collectGarbage } from '../../../components/core/collect-garbage.ts';
import { WorkerPool } from '../../../components/core/workers.ts';

describe('collectGarbage', () => {
  it('collects what nobody holds', async () => {
    const kept = { of: 'a test' };
    const [lost, held] = [new WeakRef({ of: 'a test' }), new WeakRef(kept)];
    // a WeakRef holds until the job that made it ends
    await new Promise((resolve) => setTimeout(resolve));
    collectGarbage();
    expect(lost.deref()).toBeUndefined();
    expect(held.deref()).toBe(kept);
  });

  it('leaves the threads of a pool as they are', async () => {
    const pool = new WorkerPool(2);
    await pool.collectGarbage();
    await pool.all('collect-garbage', [null, null]);
    await pool.collectGarbage();
    await pool.close();
  });
});
