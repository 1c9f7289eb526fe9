import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unzip } from '../../../../runner/commands/runs/unzip.ts';
import { zip } from '../../../../runner/server/api/zip.ts';
import { testFolder } from './store.ts';

const folder = testFolder();
let count = 0;

async function zipOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<Buffer> {
  const entries = Object.entries(files).map(([name, data]) => ({
    name,
    read: async () => Buffer.from(data),
  }));
  const chunks: Uint8Array[] = [];
  for await (const chunk of zip(entries)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function unpack(bytes: Uint8Array): string {
  const target = join(folder, `out${count}`);
  const file = join(folder, `in${count++}.zip`);
  writeFileSync(file, bytes);
  unzip(file, target);
  return target;
}

describe('unzip', () => {
  it('gives back what was packed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.stringMatching(/^[a-zé]{1,8}$/), fc.uint8Array({ maxLength: 3000 }), {
          minKeys: 1,
          maxKeys: 5,
        }),
        async (files) => {
          const named = Object.fromEntries(
            Object.entries(files).map(([name, data]) => [`d/${name}.bin`, data]),
          );
          const target = unpack(await zipOf(named));
          for (const [name, data] of Object.entries(named))
            expect(Buffer.from(data).equals(readFileSync(join(target, name)))).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('writes nothing outside of its folder', async () => {
    for (const name of [
      '../out.txt',
      'a/../../out.txt',
      '/out.txt',
      'a\\..\\out.txt',
      'a//b',
      './x',
      'a\0b',
    ]) {
      const bytes = await zipOf({ [name]: 'x' });
      expect(() => unpack(bytes), name).toThrow('which leads out');
    }
    expect(existsSync(join(folder, 'out.txt'))).toBe(false);
    expect(existsSync('/out.txt')).toBe(false);
  });

  it('tells damage, whatever byte it is', async () => {
    const whole = await zipOf({ 'a.txt': 'hello '.repeat(50), 'b.txt': 'x' });
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(whole);
        bytes[at]! ^= change;
        let target: string | undefined;
        try {
          target = unpack(bytes);
        } catch (error) {
          expect(String(error)).toMatch(/can't read/);
          return;
        }
        // what is taken is as it was packed, under whatever name
        for (const entry of readdirSync(target, { recursive: true, withFileTypes: true }))
          if (entry.isFile())
            expect(['hello '.repeat(50), 'x']).toContain(
              readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'utf8'),
            );
      }),
      { numRuns: 150 },
    );
  });

  it('does not unfold more than the directory announces', async () => {
    const bytes = await zipOf({ 'a.txt': '0'.repeat(1_000_000) });
    const at = bytes.lastIndexOf('PK\x01\x02', undefined, 'latin1');
    bytes.writeUInt32LE(10, at + 24);
    expect(() => unpack(bytes)).toThrow('a.txt is damaged');
  });
});
