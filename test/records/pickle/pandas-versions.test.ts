import { describe, expect, it } from 'vitest';
import { jsonText } from '../../../records/codec/json-text.ts';
import { readPickle } from '../../../records/pickle/reader.ts';
import { pandasPickles, pandasVersions } from './fixtures.ts';

describe('readPickle', () => {
  const texts = new Map<string, string>();
  for (const version of pandasVersions)
    for (const { name, protocol, bytes } of pandasPickles(version))
      it(`reads "${name}" of pandas ${version}, protocol ${protocol}, as of all others`, () => {
        const text = jsonText(readPickle(bytes));
        expect(text).toBe(texts.get(name) ?? text);
        texts.set(name, text);
      });
});
