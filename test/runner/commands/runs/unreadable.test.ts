import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { listRuns } from '../../../../runner/commands/runs/list.ts';
import { showRun } from '../../../../runner/commands/runs/show.ts';
import { captureOutput, makeRuns, testFolder, withOpen } from './store.ts';

const folder = testFolder();
const output = captureOutput();
const uri = join(folder, 'mlruns');
let runs: { readonly id: string; readonly folder: string }[];
beforeAll(async () => {
  const ids = await makeRuns(uri, [{ name: 'whole' }, { name: 'cut' }]);
  runs = await withOpen(uri, (store) =>
    Promise.all(
      ids.map(async (id) => ({ id, folder: join(uri, (await store.getRun(id)).info.experimentId, id) })),
    ),
  );
  writeFileSync(join(runs[1]!.folder, 'meta.yaml'), "artifact_uri: 'file:///x\nend_ti");
});

const written: string[] = [];
const error = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
  written.push(String(text));
  return true;
});
afterEach(() => written.splice(0));
afterEach(() => error.mockClear());

const leftOut = (...folders: string[]) => [
  `warning: left out, for want of a readable meta.yaml: ${folders.join(', ')}\n`,
];

describe('a run whose meta.yaml is damaged', () => {
  it('is left out of lists, which say so once', async () => {
    expect(await listRuns({ uri, limit: 50 })).toBe(0);
    expect(output.take()).toMatch(/^run .*\n\S+ +FINISHED .* whole\n$/);
    expect(written).toEqual(leftOut(runs[1]!.folder));
  });

  it('does not spoil lists that programs read', async () => {
    await listRuns({ uri, limit: 50, json: true });
    expect(JSON.parse(output.take())).toHaveLength(1);
    expect(written).toEqual(leftOut(runs[1]!.folder));
  });

  it('is told of where it is asked for', async () => {
    await expect(showRun({ uri, run: runs[1]!.id })).rejects.toThrow(`no run "${runs[1]!.id}"`);
    expect(written).toEqual(leftOut(runs[1]!.folder));
  });

  it('is no matter to whoever asks for another one', async () => {
    await showRun({ uri, run: runs[0]!.id });
    output.take();
    expect(written).toEqual([]);
  });

  it('is told with experiments that are damaged', async () => {
    const experiment = join(uri, '9'.repeat(18));
    mkdirSync(experiment);
    writeFileSync(join(experiment, 'meta.yaml'), '');
    await listRuns({ uri, limit: 50 });
    output.take();
    expect(written).toEqual(leftOut(runs[1]!.folder, experiment));
    rmSync(experiment, { recursive: true });
  });

  it('is not taken for one that is being made, which has no meta.yaml', async () => {
    mkdirSync(join(runs[0]!.folder, '..', 'f'.repeat(32), 'artifacts'), { recursive: true });
    await listRuns({ uri, limit: 50 });
    output.take();
    expect(written).toEqual(leftOut(runs[1]!.folder));
  });
});
