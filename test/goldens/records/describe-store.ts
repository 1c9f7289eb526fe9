import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../components/core/errors.ts';
import { MLflowExperiment } from '../../../records/tracking/experiment.ts';
import { FileStore } from '../../../records/tracking/file/file-store.ts';
import { quietEnvironment } from '../../records/tracking/support.ts';

/** A store that qlib and MLflow wrote elsewhere, read where it lies: everything that its files say. */
export function describeStore(home: string): void {
  const folder = join(home, 'records', 'mlruns');
  describe.skipIf(!existsSync(folder))('a store that qlib wrote (skipped without goldens)', () => {
    const store = new FileStore(`file://${folder}`, folder, Date.now);
    const experiments = existsSync(folder) ? readdirSync(folder).filter((id) => /^\d+$/.test(id)) : [];

    it('lists the experiments', async () => {
      const { items } = await store.searchExperiments();
      expect(items.map((e) => e.experimentId).sort()).toEqual([...experiments].sort());
      for (const { experimentId, name } of items)
        expect(readFileSync(join(folder, experimentId, 'meta.yaml'), 'utf8')).toContain(`name: ${name}\n`);
    });

    for (const experimentId of experiments)
      for (const runId of readdirSync(join(folder, experimentId)).filter((id) => /^[0-9a-f]{32}$/.test(id))) {
        const run = join(folder, experimentId, runId);
        it(`run ${runId}`, async () => {
          const { items } = await store.searchRuns([experimentId]);
          const { info, data } = items.find((r) => r.info.runId === runId)!;
          const meta = readFileSync(join(run, 'meta.yaml'), 'utf8');
          const statuses = ['', 'RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'];
          expect(info.status).toBe(statuses[Number(/^status: (\d)$/m.exec(meta)![1])]);
          expect(info.startTime).toBe(Number(/^start_time: (\d+)$/m.exec(meta)![1]));
          expect(Object.fromEntries(data.params)).toEqual(textsOf(join(run, 'params')));
          expect(Object.fromEntries(data.tags)).toEqual(textsOf(join(run, 'tags')));
          const values = Object.fromEntries([...data.metrics].map(([k, p]) => [k, p.value]));
          const last = Object.entries(textsOf(join(run, 'metrics'))).map(([k, text]) => {
            const value = text.trim().split('\n').at(-1)!.split(' ')[1]!;
            return [
              k,
              value === 'nan' ? Number.NaN : value === 'inf' ? Number.POSITIVE_INFINITY : Number(value),
            ];
          });
          expect(values).toEqual(Object.fromEntries(last));
        });
        it(`artifacts of run ${runId}`, async () => {
          const services = { now: Date.now, environment: quietEnvironment };
          const recorder = await new MLflowExperiment(experimentId, '', store, services).getRecorder({
            recorderId: runId,
          });
          const files = readdirSync(run, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile() && join(entry.parentPath ?? entry.path).includes('artifacts'))
            .map((entry) => join(entry.parentPath ?? entry.path, entry.name).split('/artifacts/')[1]!)
            .sort();
          expect((await walk((path) => recorder.listArtifacts(path))).sort()).toEqual(files);
          for (const file of files.filter((f) => f.endsWith('.pkl'))) {
            const value = await recorder.loadObject(file).catch((error: unknown) => error);
            // Only a model of the user's own class may be refused, by name.
            if (value instanceof Error)
              expect([value instanceof UserError, file]).toEqual([true, 'params.pkl']);
            else expect(value, file).not.toBeUndefined();
          }
        });
      }
  });
}

async function walk(list: (path: string) => Promise<string[]>, path = ''): Promise<string[]> {
  const found: string[] = [];
  for (const child of await list(path)) {
    const below = await walk(list, child);
    if (below.length > 0) found.push(...below);
    else found.push(child);
  }
  return found;
}

function textsOf(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}
