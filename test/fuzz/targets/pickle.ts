import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { packageRoot } from '../../../components/core/package-root.ts';
import { jsonText } from '../../../records/codec/json-text.ts';
import { op } from '../../../records/pickle/opcodes.ts';
import { readPickle } from '../../../records/pickle/reader.ts';
import { mutatedBytes } from '../mutated.ts';
import { type FuzzTarget, refusedOr } from '../target.ts';

const fixtures = join(packageRoot(), 'test/records/pickle/fixtures');
const samples = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.pkl'))
  .map((file) => new Uint8Array(readFileSync(join(fixtures, file))));
const opcodes = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom<number>(...Object.values(op)) },
      { weight: 1, arbitrary: fc.nat(255) },
    ),
    { maxLength: 400 },
  )
  .map((codes) => Uint8Array.from([...codes, op.STOP]));

/** Any bytes are a value that can be printed, or refused; nothing takes more memory than it may. */
export const pickle: FuzzTarget<Uint8Array> = {
  name: 'pickles',
  inputs: samples.length > 0 ? fc.oneof(mutatedBytes(samples), opcodes) : opcodes,
  runs: 2000,
  async check(bytes) {
    await refusedOr(() => {
      const value = readPickle(bytes, { limits: { memory: 50_000_000 } });
      jsonText(value, { maxLength: 10_000, maxRows: 10 });
    });
  },
};
