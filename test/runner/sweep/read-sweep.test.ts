import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSweep } from '../../../runner/sweep/read-sweep.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'qrun-read-sweep-'));
});
afterAll(() => rmSync(cwd, { recursive: true }));

const problem = async (text: string) => {
  const file = join(cwd, 'given.yaml');
  writeFileSync(file, text);
  return readSweep({ file, cwd, env: {} }).then(
    () => '',
    (error: Error) => error.message,
  );
};

describe('readSweep', () => {
  it('says of a workflow that it is one, and where it would be named', async () => {
    const told = await problem('market: csi300\ntask:\n  model:\n    class: LGBModel\n');
    expect(told).toContain('given.yaml:2:1 (task): this is a workflow, not a sweep');
    expect(told).toContain('base: given.yaml');
    expect(told).not.toContain('unknown key');
  });

  it('takes what varies something for a sweep', async () => {
    const told = await problem('task:\n  model: {}\nparameters:\n  task.seed: {values: [1, 2]}\n');
    expect(told).toContain('unknown key "task"');
  });
});
