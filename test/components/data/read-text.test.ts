import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../components/core/errors.ts';
import { readDataText } from '../../../components/data/read-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'qrun-text-'));
afterAll(() => rmSync(folder, { recursive: true }));

function messageOf(file: string): string {
  try {
    readDataText(file, 'calendar');
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'read';
}

describe('readDataText', () => {
  it('leaves a byte order mark out', () => {
    const file = join(folder, 'day.txt');
    writeFileSync(file, '\ufeff2020-01-02\n');
    expect(readDataText(file, 'calendar')).toBe('2020-01-02\n');
  });

  it('tells what is no text file, and does not wait for it', () => {
    const [a, loop] = [join(folder, 'a'), join(folder, 'loop')];
    mkdirSync(a);
    symlinkSync('loop', loop);
    expect(messageOf(a)).toBe(`calendar ${a} is a folder, not a text file`);
    expect(messageOf(loop)).toBe(`calendar ${loop} cannot be read: its symbolic links lead in a circle`);
    expect(messageOf('/dev/zero')).toBe('calendar /dev/zero is no regular file');
    expect(messageOf(join(folder, 'none'))).toMatch(
      /cannot be read: it is gone, or a link that leads nowhere$/,
    );
  });
});
