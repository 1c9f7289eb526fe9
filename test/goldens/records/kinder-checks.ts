import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createR } from '../../../records/tracking/r.ts';
import { quietEnvironment } from '../../records/tracking/support.ts';
import type { Tools } from './experiment-checks.ts';

/** A case where qlib has a plain bug, and what ours does instead. */
export interface Kinder {
  readonly reason: string;
  check(tools: Tools): Promise<void>;
}

const statusOf = async ({ R }: Tools, id: string) =>
  (await R.getRecorder({ experimentName: 'e', recorderId: id })).status;

export const kinderChecks: Readonly<Record<string, Kinder>> = {
  keyboard_interrupt_inside_start: {
    reason:
      'qlib leaves the run RUNNING and active; ours ends whatever leaves the callback (see signals.test.ts for KILLED)',
    async check(tools) {
      const { R } = tools;
      let id = '';
      const stopped = R.start({ experimentName: 'e', recorderName: 'r' }, async () => {
        id = (await R.getRecorder()).id;
        throw undefined;
      });
      await expect(stopped).rejects.toBeUndefined();
      expect(await statusOf(tools, id)).toBe('FAILED');
      expect(R.expManager.activeExperiment).toBeUndefined();
    },
  },
  nested_start: {
    reason: 'qlib cannot nest: the inner start fails and the outer run with it',
    async check(tools) {
      const { R } = tools;
      const outer = await R.start({ experimentName: 'e', recorderName: 'o' }, async () => {
        const outer = await R.getRecorder();
        const inner = await R.start({ experimentName: 'inner', recorderName: 'i' }, () => R.getRecorder());
        expect((await inner.listTags())['mlflow.parentRunId']).toBe(outer.id);
        expect(inner.status).toBe('FINISHED');
        expect(await R.getRecorder()).toBe(outer);
        return outer;
      });
      expect(outer.status).toBe('FINISHED');
    },
  },
  log_metrics_bad_value_kills_the_queue: {
    reason: 'in qlib one bad value loses everything logged after it, and the run is FINISHED',
    async check({ R }) {
      const rec = await R.start({ experimentName: 'e' }, async () => {
        await R.logMetrics({ ok: 1 });
        await expect(R.logMetrics({ bad: 'abc' as unknown as number })).rejects.toThrow(
          'metric "bad" is abc',
        );
        await R.logMetrics({ after: 2 });
        await R.logParams({ after_param: 3 });
        return R.getRecorder();
      });
      expect(await rec.listMetrics()).toEqual({ ok: 1, after: 2 });
      expect((await rec.listParams())['after_param']).toBe('3');
    },
  },
  log_params_changed_value: {
    reason: 'in qlib a changed param loses everything logged after it, and the run is FINISHED',
    async check({ R }) {
      const rec = await R.start({ experimentName: 'e' }, async () => {
        await R.logParams({ a: 1 });
        await R.logParams({ a: 1 });
        await expect(R.logParams({ a: 2 })).rejects.toThrow(
          'param "a" was logged as "1" and cannot become "2"',
        );
        await R.logParams({ b: 3 });
        return R.getRecorder();
      });
      const { a, b } = await rec.listParams();
      expect({ a, b }).toEqual({ a: '1', b: '3' });
    },
  },
  save_objects_outside_active: {
    reason: 'qlib makes a run that nothing can end; ours makes it the active one, as logging does',
    async check({ R }) {
      await R.saveObjects({ 'x.pkl': 1 });
      const rec = await R.getRecorder();
      expect([rec.name, rec.status]).toEqual(['mlflow_recorder', 'RUNNING']);
      await R.endExp();
      expect(rec.status).toBe('FINISHED');
      expect(await rec.loadObject('x.pkl')).toBe(1);
    },
  },
  reinit_while_active: {
    reason:
      'qlib refuses, for its one R would move to another store in the middle of a run; ours is a value: another one, or another default store, moves nothing',
    async check({ R, folder }) {
      const before = R.getUri();
      const other = createR({ uri: join(folder, 'other'), environment: quietEnvironment, signals: null });
      await R.start({ experimentName: 'e', recorderName: 'r' }, async () => {
        const outer = await R.getRecorder();
        await other.start({ experimentName: 'o' }, async () => {
          expect((await other.getRecorder()).uri).toBe(join(folder, 'other'));
          expect(await R.getRecorder()).toBe(outer);
        });
        await R.logParams({ a: 1 });
        expect(await outer.listParams()).toMatchObject({ a: '1' });
        expect(outer.uri).toBe(before);
      });
      expect([...(await R.listExperiments()).keys()].sort()).toEqual(['Default', 'e']);
    },
  },
  filelock_location: {
    reason:
      'qlib leaves a lock file below the working folder, at the path of the store without its leading slash; ours needs none',
    async check({ R }) {
      const store = R.getUri().replace(/^file:/, '');
      await R.getExp({ experimentName: 'e' });
      expect(existsSync(store)).toBe(true);
      expect(existsSync(join(process.cwd(), store.slice(1)))).toBe(false);
      const files = await readdir(store, { recursive: true });
      expect(files.filter((file) => /lock/.test(file))).toEqual([]);
    },
  },
};

/** Parts of outcomes that differ on purpose, by case: what ours gives there. */
export const kinderParts: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  // Params are not cut at 1000 characters.
  log_params_long_and_odd_keys: { len1001: { a: 1001 }, len6000: { a: 6000 }, len6001: { a: 6001 } },
  // KILLED is a status of MLflow's that qlib does not let through.
  end_exp_each_status: {
    KILLED: {
      result: null,
      recorder_object: 'KILLED',
      stored: 'KILLED',
      has_end_time: true,
      still_active: false,
    },
  },
  // A recorder keeps the experiment that it belongs to, whichever one it was asked of.
  get_recorder_variants: { id_of_another_experiment: false },
  // The local path, where qlib forgets to return it.
  save_and_load_objects: { 'R.download_artifact_returns': 'top.pkl' },
};
