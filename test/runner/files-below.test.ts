import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesBelow } from '../../runner/files-below.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qrun-files-test-'));
  for (const name of ['data/b', 'data/b-c', 'elsewhere']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['data/b/1', 'data/b-c/2', 'data/a', 'elsewhere/3'])
    writeFileSync(join(folder, name), '');
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'data/c'));
  symlinkSync(join(folder, 'data'), join(folder, 'data/loop'));
  symlinkSync(join(folder, 'nowhere'), join(folder, 'data/z'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('lists files folder by folder, behind links too, and a folder that holds itself once', () => {
  const found = filesBelow(join(folder, 'data')).map((file) => relative(join(folder, 'data'), file));
  expect(found).toEqual(['a', 'b/1', 'b-c/2', 'c/3', 'z']);
});
