import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../components/core/make-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'qrun-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('makeFolder', () => {
  it('makes a folder with those above it, and leaves one that is there', () => {
    const folder = join(root, 'a/b/c');
    makeFolder(folder, 0o700);
    makeFolder(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(root, 'a/b')).mode & 0o700).toBe(0o700);
  });

  it('takes a link to a folder for one', () => {
    symlinkSync(root, join(root, 'link'));
    makeFolder(join(root, 'link', 'below'));
    expect(statSync(join(root, 'below')).isDirectory()).toBe(true);
  });

  it('names the file that is in the way', () => {
    writeFileSync(join(root, 'file'), '');
    symlinkSync('nowhere', join(root, 'dangling'));
    for (const name of ['file', 'dangling']) {
      const refused = expect.objectContaining({ code: 'EEXIST', path: join(root, name) });
      expect(() => makeFolder(join(root, name))).toThrow(refused);
      expect(() => makeFolder(join(root, name, 'below'))).toThrow(refused);
    }
  });

  it.skipIf(process.platform !== 'linux')('ends where the system makes no folders', () => {
    expect(() => makeFolder('/proc/qrun/below')).toThrow(
      expect.objectContaining({ code: 'ENOENT', path: '/proc/qrun' }),
    );
  });
});
