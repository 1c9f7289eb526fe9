import { describe, expect, it } from 'vitest';
import { bundleModules, moduleStarts } from '../../../runner/profile/bundle-modules.ts';
import { moduleSeconds } from '../../../runner/profile/module-time.ts';

const frame = (functionName: string, url: string, lineNumber: number) => ({ functionName, url, lineNumber });
const bundle = [
  'import { a } from "./chunk.js";',
  '',
  '// components/core/stats.ts',
  'function mean() {}',
  '// a comment of the source',
  '// node_modules/js-yaml/dist/js-yaml.mjs',
  'function load() {}',
].join('\n');

describe('moduleStarts', () => {
  it('finds the sources that a bundle names, and no other comment', () => {
    expect(moduleStarts(bundle)).toEqual([
      { line: 2, module: 'components/core/stats.ts' },
      { line: 5, module: 'node_modules/js-yaml/dist/js-yaml.mjs' },
    ]);
  });
});

describe('moduleSeconds', () => {
  it('adds up the time of samples by module and leaves waiting out', () => {
    const profile = {
      nodes: [
        { id: 1, callFrame: frame('(root)', '', -1) },
        { id: 2, callFrame: frame('mean', 'file:///q/dist/chunk.js', 3) },
        { id: 3, callFrame: frame('load', 'file:///q/dist/chunk.js', 6) },
        { id: 4, callFrame: frame('(idle)', '', -1) },
        { id: 5, callFrame: frame('(garbage collector)', '', -1) },
        { id: 6, callFrame: frame('parse', 'file:///q/node_modules/ajv/dist/core.js', 9) },
        { id: 7, callFrame: frame('kernel', 'wasm://wasm/0123', 0) },
      ],
      startTime: 0,
      endTime: 6e6,
      samples: [2, 3, 4, 2, 5, 6, 7],
      timeDeltas: [-10, 1_000_000, 2_000_000, 500_000, 250_000, 125_000, 62_500],
    };
    const seconds = moduleSeconds(
      profile,
      bundleModules(() => bundle),
    );
    expect(Object.fromEntries(seconds)).toEqual({
      'components/core/stats.ts': 0.5,
      'node_modules/js-yaml/dist/js-yaml.mjs': 1,
      '(garbage collector)': 0.25,
      'node_modules/ajv/dist/core.js': 0.125,
      'wasm kernel': 0.0625,
    });
  });
});
