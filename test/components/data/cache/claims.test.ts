import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processMark } from '../../../../components/core/process-mark.ts';
import { Claims } from '../../../../components/data/cache/claims.ts';

let folder: string;
let claims: Claims;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qrun-claims-'));
  claims = new Claims(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function claimedBy(mark: string): void {
  mkdirSync(join(folder, 'claims'), { recursive: true });
  writeFileSync(join(folder, 'claims', 'a'), mark);
}

describe('Claims', () => {
  it('gives a name to one, until it is released', () => {
    expect(claims.take('a')).toBe('mine');
    expect(new Claims(folder).take('a')).toBe('other');
    expect(claims.take('b')).toBe('mine');
    claims.release('a');
    expect(claims.take('a')).toBe('mine');
    expect(readdirSync(join(folder, 'claims')).sort()).toEqual(['a', 'b']);
  });

  it('takes over what a dead process has claimed', async () => {
    const child = spawn('true');
    await new Promise((resolve) => child.once('exit', resolve));
    claimedBy(`${hostname()}:${child.pid}:1`);
    expect(claims.take('a')).toBe('mine');
  });

  it('does not wait for another machine', async () => {
    claimedBy('elsewhere:1:1');
    expect(claims.take('a')).toBe('none');
    await claims.ended('a');
  });

  it('waits until a living process releases', async () => {
    claimedBy(processMark());
    let hasEnded = false;
    const ended = claims.ended('a').then(() => {
      hasEnded = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(hasEnded).toBe(false);
    claims.release('a');
    await ended;
  });

  it('lets each work for itself where the folder cannot be written', () => {
    writeFileSync(join(folder, 'claims'), 'a file');
    expect(claims.take('a')).toBe('none');
  });
});
