import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeObject, encodeObject } from '../../../records/codec/codec.ts';

describe('artifacts whose names end in .gz', () => {
  it('are packed and unpacked by the name before it', async () => {
    const chunks = await encodeObject('a.json.gz', { x: [1, 2] });
    expect([chunks[0]![0], chunks[0]![1]]).toEqual([0x1f, 0x8b]);
    expect(await decodeObject('a.json.gz', Buffer.concat(chunks))).toEqual(
      await decodeObject('a.json', Buffer.from('{"x": [1, 2]}')),
    );
  });

  it('take bytes as packed already', async () => {
    const bytes = gzipSync('text');
    expect(await encodeObject('a.txt.gz', bytes)).toEqual([bytes]);
    expect(await decodeObject('a.txt.gz', bytes)).toBe('text');
  });

  it('are told apart from damaged ones', async () => {
    const bytes = gzipSync('text'.repeat(100));
    await expect(async () => decodeObject('a.txt.gz', bytes.subarray(0, 20))).rejects.toThrow(
      "the gzip file can't be unpacked",
    );
  });
});
