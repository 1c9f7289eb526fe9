import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { systemRefusal } from '../../runner/system-error.ts';

const failed = (code: string, rest: object = {}) => Object.assign(new Error('x'), { code, ...rest });

describe('systemRefusal', () => {
  it('tells place and reason', () => {
    expect(systemRefusal(failed('ENOSPC', { syscall: 'write' }))).toBe(
      "can't write: no space left on the disk (ENOSPC)",
    );
    expect(systemRefusal(failed('EACCES', { syscall: 'mkdir', path: '/a' }))).toBe(
      "can't write /a: permission denied (EACCES)",
    );
    expect(systemRefusal(failed('EROFS', { syscall: 'rename', path: '/a', dest: '/b' }))).toBe(
      "can't write /b: the disk is read-only (EROFS)",
    );
  });

  it('knows files that are in the way', () => {
    const file = fileURLToPath(import.meta.url);
    const refusalOf = (path: string) => {
      try {
        mkdirSync(path);
      } catch (error) {
        return systemRefusal(error);
      }
      return 'made';
    };
    expect(refusalOf(file)).toBe(`can't write ${file}: a file of that name is in the way (EEXIST)`);
    expect(refusalOf(`${file}/x`)).toBe(
      `can't write ${file}/x: a part of the path is a file, not a folder (ENOTDIR)`,
    );
  });

  it('knows places where no folder can be made', () => {
    expect(systemRefusal(failed('ENOENT', { syscall: 'mkdir', path: '/proc/a' }))).toBe(
      "can't write /proc/a: no folder can be made there (ENOENT)",
    );
  });

  it('knows what SQLite refuses', () => {
    expect(systemRefusal(failed('SQLITE_FULL'))).toBe("can't write: no space left on the disk (SQLITE_FULL)");
    expect(systemRefusal(failed('SQLITE_IOERR_WRITE'))).toBe(
      "can't write: the disk of the database has failed (SQLITE_IOERR_WRITE)",
    );
    expect(systemRefusal(failed('SQLITE_CONSTRAINT'))).toBeUndefined();
  });

  it('leaves all other errors to others', () => {
    for (const error of [new Error('x'), failed('ERR_INVALID_ARG'), failed('toString'), 'ENOSPC', null])
      expect(systemRefusal(error)).toBeUndefined();
    expect(systemRefusal(failed('ENOENT', { syscall: 'open', path: '/a' }))).toBeUndefined();
  });
});
