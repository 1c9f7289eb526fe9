import { describe, expect, it } from 'vitest';
import { UserError } from '../../../components/core/errors.ts';
import { PyDate, PyDateTime, PyObject, PyTimestamp, PyTuple } from '../../../components/core/python.ts';
import { jsonText } from '../../../records/codec/json-text.ts';
import { readPickle } from '../../../records/pickle/reader.ts';
import type { PyReduced } from '../../../records/pickle/values.ts';
import { pandasPickles } from './fixtures.ts';

/** A pickle from its opcodes: texts are latin-1. */
function opcodes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

function problemOf(bytes: Uint8Array): string {
  try {
    readPickle(bytes);
  } catch (error) {
    if (error instanceof UserError) return error.problem;
    throw error;
  }
  return 'read';
}

const fixture = (name: string) =>
  readPickle(pandasPickles('2.2').find((p) => p.name === name && p.protocol === '4')!.bytes);
const day = (d: number) => Date.UTC(2020, 0, d);

describe('readPickle', () => {
  it('refuses a name that is not on the list, with the name and the place', () => {
    expect(problemOf(opcodes('cos\nsystem\n(S"ls"\ntR.'))).toBe('refused: global os.system at byte 0');
    expect(problemOf(opcodes('\x80\x04\x8c\x05numpy\x8c\x04load\x93.'))).toBe(
      'refused: global numpy.load at byte 15',
    );
    expect(problemOf(opcodes('c__builtin__\neval\n.'))).toBe('refused: global __builtin__.eval at byte 0');
    expect(problemOf(opcodes('cqlib.utils\ninit_instance_by_config\n.'))).toBe(
      'refused: global qlib.utils.init_instance_by_config at byte 0',
    );
  });

  it('knows nothing of the names that every JavaScript object has', () => {
    expect(problemOf(opcodes('cbuiltins\ntoString\n.'))).toBe('refused: global builtins.toString at byte 0');
    expect(problemOf(opcodes('c__proto__\nconstructor\n.'))).toBe(
      'refused: global __proto__.constructor at byte 0',
    );
  });

  it('refuses getattr but for constants of classes that are data', () => {
    expect(problemOf(opcodes('cbuiltins\ngetattr\n(cnumpy\nndarray\nVtofile\ntR.'))).toBe(
      'refused: global builtins.getattr at byte 43',
    );
    expect(
      readPickle(opcodes('cbuiltins\ngetattr\n(cqlib.backtest.decision\nOrderDir\nVBUY\ntR.')),
    ).toMatchObject({ text: 'OrderDir.BUY' });
  });

  it('shows names without what a terminal would obey', () => {
    expect(problemOf(opcodes('cos\x1b[2J\nx\n.'))).toBe('refused: global os\\u{1b}[2J.x at byte 0');
  });

  it('keeps qlib objects as data and lets no state set special attributes', () => {
    expect(
      readPickle(opcodes('\x80\x02cqlib.backtest.position\nPosition\n)\x81}X\x04\0\0\0cashK\x05sb.')),
    ).toEqual(new PyObject('qlib.backtest.position', 'Position', new Map([['cash', 5]])));
    expect(problemOf(opcodes('\x80\x02cqlib.a\nB\n)\x81}X\x09\0\0\0__class__K\x05sb.'))).toBe(
      'broken pickle at byte 32: a state that sets __class__',
    );
  });

  it('says what is broken and where', () => {
    expect(problemOf(new Uint8Array(0))).toBe('the pickle is empty (0 bytes)');
    expect(problemOf(opcodes('version https://git-lfs.github.com/spec/v1\noid sha256:1\n'))).toBe(
      'not a pickle but a git-lfs pointer: the file itself was not fetched',
    );
    expect(problemOf(opcodes('PK\x03\x04'))).toBe('not a pickle but a zip file');
    expect(problemOf(opcodes('\x80\x04K'))).toBe(
      'broken pickle at byte 2: the file ends early: 1 bytes announced, 0 left',
    );
    expect(problemOf(opcodes('\x80\x04N'))).toBe(
      'broken pickle at byte 3: the file ends without STOP; it is cut off',
    );
    expect(problemOf(opcodes('\x80\x09N.'))).toBe('broken pickle at byte 0: protocol 9; 0 to 5 are known');
    expect(problemOf(opcodes('\xfe.'))).toBe('broken pickle at byte 0: unknown opcode 0xfe');
    expect(problemOf(opcodes('s.'))).toBe('broken pickle at byte 0: the stack is empty');
    expect(problemOf(opcodes('h\x05.'))).toBe('broken pickle at byte 0: nothing was remembered under 5');
    expect(problemOf(opcodes('}]K\x01s.'))).toBe("broken pickle at byte 4: a list can't be a dict key");
    expect(problemOf(opcodes('Iabc\n.'))).toBe('broken pickle at byte 0: "abc" is no int');
    expect(problemOf(opcodes('NN.'))).toBe(
      'broken pickle at byte 2: 2 values and 0 marks are left at the end, not one value',
    );
    expect(problemOf(opcodes('\x82\x01.'))).toBe('refused: code 1 of the extension registry at byte 0');
    expect(problemOf(opcodes('P../passwd\n.'))).toBe('refused: persistent id "../passwd" at byte 0');
  });

  it('takes no memory that a small file only announces', () => {
    const huge = '\xff\xff\xff\xff\xff\xff\xff\x0f';
    expect(problemOf(opcodes(`\x8e${huge}.`))).toMatch(/^broken pickle at byte 0: the file ends early/);
    expect(problemOf(opcodes(`\x95${huge}N.`))).toMatch(/^broken pickle at byte 0: the file ends early/);
    expect(problemOf(opcodes('\x8b\xff\xff\xff\x7f\x01.'))).toMatch(
      /^broken pickle at byte 0: the file ends early/,
    );
    expect(problemOf(opcodes('r\xff\xff\xff\xff'))).toBe('broken pickle at byte 0: the stack is empty');
    expect(
      problemOf(
        opcodes(
          'cpandas.core.indexes.base\n_new_Index\n(cpandas.core.indexes.range\nRangeIndex\n}Vstop\nL99999999999L\nstR.',
        ),
      ),
    ).toBe('refused: the pickle needs more than 537 MB of memory');
  });

  it('reads cycles and shared values as such', () => {
    const list = readPickle(opcodes(']q\0h\0a.')) as unknown[];
    expect(list[0]).toBe(list);
    expect(jsonText(list)).toBe('[\n  "..."\n]');
    // 2^40 leaves by sharing
    let text = ']q\0';
    for (let k = 1; k <= 40; k++)
      text += `]q${String.fromCharCode(k)}(h${String.fromCharCode(k - 1)}h${String.fromCharCode(k - 1)}e`;
    const deep = readPickle(opcodes(`(${text}l.`));
    expect(jsonText(deep, { maxLength: 1000 }).length).toBeLessThan(20_000);
  });

  it('reads very deeply nested tuples', () => {
    expect(readPickle(opcodes(`)${'\x85'.repeat(200_000)}.`)) instanceof PyTuple).toBe(true);
  });

  it('keeps keys like __proto__ as plain data', () => {
    const dict = readPickle(opcodes('}V__proto__\n}Vx\nK\x01ss.')) as Map<string, unknown>;
    expect(dict.get('__proto__')).toEqual(new Map([['x', 1]]));
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('holds equal keys for one', () => {
    expect(readPickle(opcodes('}(K\x01\x85K\x01K\x01\x85K\x02u.'))).toEqual(new Map([[new PyTuple([1]), 2]]));
  });

  it("reads Python's own values", () => {
    const [date, datetime, zoned, time, delta, decimal, fraction, complex, slice, range, path, set] = fixture(
      'python',
    ) as unknown[];
    expect(date).toEqual(new PyDate(day(2)));
    expect(datetime).toEqual(new PyDateTime(day(2) + 34_200_000));
    const texts = [zoned, time, delta, decimal, fraction, complex, slice, range, path].map(
      (v) => (v as PyReduced).text,
    );
    expect(texts).toEqual([
      '2020-01-02 00:00:00+00:00',
      '01:02:03',
      '-1 day, 0:00:05',
      '1.25',
      '1/3',
      '(1-2j)',
      'slice(1, None, 2)',
      'range(0, 3, 1)',
      '/a/b',
    ]);
    expect(set).toEqual(new Set([1, 2]));
  });

  it('reads a frame with two index levels', () => {
    expect(fixture('frame')).toEqual({
      kind: 'frame',
      index: [
        {
          name: 'datetime',
          dtype: 'datetime64[ns]',
          values: Float64Array.of(day(2), day(3), day(6)),
          codes: Int32Array.of(0, 0, 1, 1, 2, 2),
        },
        {
          name: 'instrument',
          dtype: 'object',
          values: ['AAPL', 'MSFT'],
          codes: Int32Array.of(0, 1, 0, 1, 0, 1),
        },
      ],
      columns: [
        { label: 'score', dtype: 'float64', values: Float64Array.of(0.5, -0.25, Number.NaN, 1, 2, -3.5) },
      ],
    });
  });

  it('reads arrays of any layout', () => {
    expect(jsonText(fixture('arrays')).replace(/\s+/g, '')).toBe(
      '[[[0,1,2],[3,4,5]],[[0,1,2],[3,4,5]],[0,2,4,6,8],[0,1,2,3],["a","bcd"],["b\'x\'","b\'yz\'"],[1,2],[18446744073709551615],[1.5],' +
        '["(1+2j)"],["2020-01-01","NaT"],[null,"a",1],[5.5],[],[[[0,4,8],[12,16,20]],[[1,5,9],[13,17,21]],[[2,6,10],[14,18,22]],[[3,7,11],[15,19,23]]],["0days03:00:00"]]',
    );
  });

  it('reads timestamps to the microsecond', () => {
    const { t, nat } = Object.fromEntries(fixture('timestamp') as Map<string, PyTimestamp>);
    expect(t?.time).toBeCloseTo(day(2) + 34_200_000.001, 3);
    expect(nat).toEqual(new PyTimestamp(Number.NaN));
  });
});
