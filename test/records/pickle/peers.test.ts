import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readPickle } from '../../../records/pickle/reader.ts';
import { writePickle } from '../../../records/pickle/writer.ts';
import { pandasPickles, pandasVersions } from './fixtures.ts';

/** Pythons with other versions of pandas: PEERS, separated by colons, or those of this workplace. */
const peers = (
  process.env['PEERS'] ?? ['pd15', 'qlib', 'pd3'].map((v) => `/work/peer/${v}/bin/python`).join(':')
)
  .split(':')
  .filter((path) => path !== '' && existsSync(path));

/** Values whose dtypes tables have, so that they come back the same. The others are widened (category to object...). */
const kept = new Set([
  'frame',
  'frame float32',
  'frame mixed',
  'frame column levels',
  'frame empty',
  'frame strings',
  'frame int columns',
  'series',
  'series unnamed',
  'series tuple name',
  'series dates',
  'int index',
  'float index',
  'bool index',
  'missing code',
  'dict by day',
]);

const script = fileURLToPath(new URL('../../parity/equal_pickles.py', import.meta.url));

describe.skipIf(peers.length === 0)('writePickle beside real pandas (skipped without PEERS)', () => {
  for (const python of peers)
    it(`writes what ${python} loads as equal to the original`, () => {
      const version = spawnSync(python, ['-c', 'import pandas; print(pandas.__version__)'], {
        encoding: 'utf8',
      }).stdout.trim();
      // pandas 3 makes another dtype of strings than our object, and reads those of pandas 2 as object
      const made = pandasVersions.find((v) => (version.startsWith('1.') ? v === '1.5' : v === '2.2'))!;
      const folder = mkdtempSync(join(tmpdir(), 'qrun-peers-'));
      try {
        const chosen = pandasPickles(made).filter(({ name, protocol }) => protocol === '4' && kept.has(name));
        const pairs = chosen.flatMap(({ bytes }, i) => {
          const [theirs, ours] = [join(folder, `${i}-theirs.pkl`), join(folder, `${i}-ours.pkl`)];
          writeFileSync(theirs, bytes);
          writeFileSync(ours, writePickle(readPickle(bytes)));
          return [theirs, ours];
        });
        const { stdout } = spawnSync(python, [script, ...pairs], { encoding: 'utf8' });
        const lines = stdout.trim().split('\n');
        expect(chosen.map(({ name }, i) => `${name}: ${lines[i]}`)).toEqual(
          chosen.map(({ name }) => `${name}: equal`),
        );
        expect(chosen.length).toBe(kept.size);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
});
