import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pprint } from '../../../../records/codec/format/pprint.ts';
import { readPickle } from '../../../../records/pickle/reader.ts';

/** Made by test/parity/format.py with pandas 2.2.3. */
const cases: { name: string; pickle: string; text: string }[] = JSON.parse(
  readFileSync(new URL('./fixtures/pandas-text.json', import.meta.url), 'utf8'),
);

describe('pprint', () => {
  for (const { name, pickle, text } of cases)
    it(`prints "${name}" as pandas and Python do`, () => {
      expect(pprint(readPickle(Buffer.from(pickle, 'base64')))).toBe(text);
    });
});
