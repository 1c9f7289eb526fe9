import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Workflow } from '../../runner/config/index.ts';
import { featureStore } from '../../runner/feature-store.ts';

const root = mkdtempSync(join(tmpdir(), 'qrun-'));
afterAll(() => rmSync(root, { recursive: true }));

function opened(options: Parameters<typeof featureStore>[0]) {
  const warnings: string[] = [];
  const store = featureStore(options, { config: {} } as Workflow, { warn: (w) => warnings.push(w) });
  return { place: store?.store.place, warnings };
}

describe('featureStore', () => {
  it('makes its folder', () => {
    expect(opened({ env: {}, home: root })).toEqual({
      place: join(root, '.cache/qrun/features'),
      warnings: [],
    });
  });

  it('is told and done without where the folder cannot be made', () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    for (const env of [{ QRUN_CACHE: join(file, 'cache') }, { XDG_CACHE_HOME: file }])
      expect(opened({ env, home: root })).toEqual({
        place: undefined,
        warnings: [
          `nothing is kept between runs: can't write ${file}: a file of that name is in the way (EEXIST); QRUN_CACHE names another folder, --no-cache asks for none`,
        ],
      });
  });

  it('is told and done without where the user has no folder', () => {
    expect(opened({ env: {}, home: '' })).toEqual({
      place: undefined,
      warnings: [
        'nothing is kept between runs: no folder for the cache: HOME is not set; QRUN_CACHE names another folder, --no-cache asks for none',
      ],
    });
  });

  it('says nothing where no cache is asked for', () => {
    expect(opened({ env: {}, home: '', cache: false })).toEqual({ place: undefined, warnings: [] });
  });
});
