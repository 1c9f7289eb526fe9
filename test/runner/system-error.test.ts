import { mkdirSync } from 'node:fs';
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

  it('leaves all other errors to others', () => {
    for (const error of [new Error('x'), failed('ERR_INVALID_ARG'), failed('toString'), 'ENOSPC', null])
      expect(systemRefusal(error)).toBeUndefined();
    try {
      mkdirSync('/proc/none/none');
    } catch (error) {
      expect(systemRefusal(error)).toBeUndefined();
    }
  });
});
