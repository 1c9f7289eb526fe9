import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { PyDate, PyFloat, PyObject, PyTimestamp, PyTuple } from '../../../components/core/python.ts';
import { decodeObject, encodeObject } from '../../../records/codec/codec.ts';
import { Decoder } from '../../../runner/server/decode/decoder.ts';

let decoder = new Decoder();
afterEach(async () => {
  await decoder.close();
  decoder = new Decoder();
});

const pickled = async (value: unknown) => Buffer.concat(await encodeObject('a.pkl', value));

describe('Decoder', () => {
  it('gives what decoding here gives', async () => {
    const values: unknown[] = [
      new Map<string, unknown>([
        ['days', [new PyTimestamp(0), null, 1.5, 2n ** 70n, new PyTuple([new PyDate(1), new PyFloat(2)])]],
        [
          'inner',
          new Map([[new PyTimestamp(5), new PyObject('qlib.m', 'C', new Map([['a', new Set(['b'])]]))]]),
        ],
      ]),
      {
        kind: 'frame',
        index: [{ name: null, dtype: 'int64', values: [1, 2], codes: null }],
        columns: [{ label: 'score', dtype: 'float64', values: Float64Array.of(1, Number.NaN) }],
      },
    ];
    const day = new PyTimestamp(7);
    values.push([day, day]);
    for (const value of values) {
      const bytes = await pickled(value);
      const [found, want] = [await decoder.decode('a.pkl', bytes), await decodeObject('a.pkl', bytes)];
      expect(found).toStrictEqual(want);
    }
  });

  it('leaves this thread free, and keeps to the order of the calls', async () => {
    const bytes = await pickled(new Map(Array.from({ length: 200_000 }, (_, i) => [`key ${i}`, i])));
    let turns = 0;
    let isDone = false;
    const first = decoder.decode('a.pkl', bytes).then((value) => {
      isDone = true;
      return value;
    });
    const second = decoder.decode('b.pkl', await pickled('b')).then((value) => [value, isDone]);
    while (!isDone) {
      await setImmediate();
      turns++;
    }
    expect(turns).toBeGreaterThan(10);
    expect(((await first) as Map<string, number>).size).toBe(200_000);
    expect(await second).toEqual(['b', true]);
  });

  it('tells what is broken, and goes on after what is too much', async () => {
    await expect(decoder.decode('a.pkl', Uint8Array.of(0x80, 4, 0x2e))).rejects.toThrow(/pickle/);
    await decoder.close();
    decoder = new Decoder({ heapMegabytes: 16 });
    const many = await pickled(new Map(Array.from({ length: 500_000 }, (_, i) => [`key ${i}`, i])));
    await expect(decoder.decode('a.pkl', many)).rejects.toThrow(
      'a.pkl takes too much memory to be shown\n  download it',
    );
    expect(await decoder.decode('b.pkl', await pickled('b'))).toBe('b');
    await decoder.close();
    decoder = new Decoder({ patienceMs: 1 });
    await expect(decoder.decode('a.pkl', many)).rejects.toThrow('takes longer than 0.001 s to read');
  });
});
