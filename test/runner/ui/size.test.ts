import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { builtFile } from '../../../components/core/package-root.ts';

const folder = builtFile('ui');

describe.skipIf(!existsSync(folder))('the built page', () => {
  const files = existsSync(folder) ? readdirSync(folder) : [];

  it('is below 400 kB, packed', () => {
    const sizes = files.map((name) => gzipSync(readFileSync(join(folder, name))).length);
    expect(sizes.reduce((a, b) => a + b, 0)).toBeLessThan(400_000);
  });

  it('names no other server', () => {
    const html = readFileSync(join(folder, 'index.html'), 'utf8');
    for (const [, address] of html.matchAll(/(?:src|href)="([^"]*)"/g))
      expect(address).toMatch(/^(?:static\/|data:)/);
  });
});
