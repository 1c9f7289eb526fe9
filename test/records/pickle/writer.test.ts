import { describe, expect, it } from 'vitest';
import { UserError } from '../../../components/core/errors.ts';
import { allocate } from '../../../components/core/panel.ts';
import { PyFloat, PyTimestamp, PyTuple } from '../../../components/core/python.ts';
import type { Table } from '../../../components/core/table.ts';
import { readPickle } from '../../../records/pickle/reader.ts';
import { writePickle, writePickleChunks } from '../../../records/pickle/writer.ts';

const hex = (value: unknown) => Buffer.from(writePickle(value)).toString('hex');

describe('writePickle', () => {
  it('writes plain values as protocol 4', () => {
    // PROTO, FRAME of 10 bytes, EMPTY_LIST, MEMOIZE, MARK, BININT1, SHORT_BINUNICODE, MEMOIZE, NONE, APPENDS, STOP
    expect(hex([1, 'a', null])).toBe('8004950c000000000000005d94284b018c0161944e652e');
  });

  it('writes whole numbers as ints and marked ones as floats', () => {
    expect(hex(3)).toBe('80049503000000000000004b032e');
    expect(hex(new PyFloat(3))).toBe('8004950a00000000000000' + '474008000000000000' + '2e');
  });

  it('writes equal strings once', () => {
    const text = 'instrument'.repeat(20);
    expect(writePickle([text, text]).length - writePickle([text]).length).toBeLessThan(10);
  });

  it('keeps shared containers shared and cycles closed', () => {
    const list: unknown[] = [];
    list.push(list);
    const back = readPickle(writePickle(list)) as unknown[];
    expect(back[0]).toBe(back);
  });

  it('refuses what has no pickle', () => {
    class Model {}
    expect(() => writePickle([new Model()])).toThrow(UserError);
    expect(() => writePickle([new Model()])).toThrow("an instance of Model can't be pickled");
    expect(() => writePickle(Symbol('x'))).toThrow("a symbol can't be pickled");
    let deep: unknown = null;
    for (let k = 0; k < 1000; k++) deep = [deep];
    expect(() => writePickle(deep)).toThrow("can't pickle a value nested deeper than 500 levels");
  });

  it('writes every NaN with the bits of numpy', () => {
    const odd = new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n, 0x7ff8_0000_0000_0000n]).buffer);
    expect(writePickle(odd)).toEqual(writePickle(Float64Array.of(Number.NaN, Number.NaN)));
  });

  it('passes large columns on without copying them', () => {
    const values = allocate('f32', 20_000);
    const table: Table = {
      kind: 'frame',
      index: [
        {
          name: null,
          dtype: 'int64',
          values: BigInt64Array.from({ length: 20_000 }, (_, i) => BigInt(i)),
          codes: null,
          range: true,
        },
      ],
      columns: [{ label: 'a', dtype: 'float32', values }],
    };
    const chunks = writePickleChunks(table);
    expect(chunks.some((c) => c.buffer === values.buffer && c.length === 80_000)).toBe(true);
    expect(readPickle(Buffer.concat(chunks))).toEqual(table);
  });

  it('keeps times to the microsecond, before and after 1970', () => {
    for (const time of [0, -1, -86_80_000.5, 1_577_923_200_000.001, -2_000_000_000_000, 4e12])
      expect((readPickle(writePickle(new PyTimestamp(time))) as PyTimestamp).time).toBeCloseTo(time, 3);
  });

  it('sorts the values of an index level that has none of its own', () => {
    const table: Table = {
      kind: 'frame',
      index: [
        { name: 'a', dtype: 'object', values: ['y', 'x', null], codes: null },
        { name: 'b', dtype: 'float64', values: Float64Array.of(2, Number.NaN, 1), codes: null },
      ],
      columns: [],
    };
    expect((readPickle(writePickle(table)) as Table).index).toEqual([
      { name: 'a', dtype: 'object', values: ['x', 'y'], codes: Int32Array.of(1, 0, -1) },
      { name: 'b', dtype: 'float64', values: Float64Array.of(1, 2), codes: Int32Array.of(1, -1, 0) },
    ]);
  });

  it('writes tuples of every length', () => {
    for (const length of [0, 1, 2, 3, 4, 300]) {
      const tuple = new PyTuple(Array.from({ length }, (_, i) => i));
      expect(readPickle(writePickle(tuple))).toEqual(tuple);
    }
  });
});
