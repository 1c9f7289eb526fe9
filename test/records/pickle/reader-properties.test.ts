import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../components/core/errors.ts';
import {
  PyDate,
  PyDateTime,
  PyFloat,
  PyObject,
  PyTimestamp,
  PyTuple,
} from '../../../components/core/python.ts';
import type { DType, IndexLevel, SeriesTable, Table } from '../../../components/core/table.ts';
import { pprint } from '../../../records/codec/format/pprint.ts';
import { jsonText } from '../../../records/codec/json-text.ts';
import { op } from '../../../records/pickle/opcodes.ts';
import { listedNames } from '../../../records/pickle/read/known-names.ts';
import { readPickle } from '../../../records/pickle/reader.ts';
import { PyGlobal, PyReduced } from '../../../records/pickle/values.ts';
import { writePickle } from '../../../records/pickle/writer.ts';
import { pandasPickles } from './fixtures.ts';

/** Reads what may be broken; the only allowed failure is a UserError. What is read must print. */
function readOrRefuse(bytes: Uint8Array): void {
  let value: unknown;
  try {
    value = readPickle(bytes, { limits: { memory: 50_000_000 } });
  } catch (error) {
    if (error instanceof UserError) return;
    throw error;
  }
  jsonText(value, { maxLength: 10_000, maxRows: 10 });
}

const samples = [...pandasPickles('1.5'), ...pandasPickles('3.1')].map((p) => p.bytes);
const sample = fc.constantFrom(...samples);

describe('readPickle of broken input', () => {
  it('ends with a value or a UserError for any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), readOrRefuse), { numRuns: 3000 });
  });

  it('ends with a value or a UserError for any opcodes', () => {
    const codes = Object.values(op);
    const opcodes = fc.array(
      fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...codes) }, { weight: 1, arbitrary: fc.nat(255) }),
      {
        maxLength: 300,
      },
    );
    fc.assert(
      fc.property(opcodes, (list) => readOrRefuse(Uint8Array.from([...list, op.STOP]))),
      { numRuns: 3000 },
    );
  });

  it('ends with a value or a UserError for honest pickles with a few bytes changed', () => {
    const changes = fc.array(
      fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(255)),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(sample, changes, (bytes, list) => {
        const copy = Uint8Array.from(bytes);
        for (const [place, value] of list) copy[Math.floor(place * copy.length)] = value;
        readOrRefuse(copy);
      }),
      { numRuns: 4000 },
    );
  });

  it('ends with a value or a UserError for honest pickles with parts cut out, doubled or mixed', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(sample, sample, share, share, share, (a, b, x, y, z) => {
        const at = (bytes: Uint8Array, s: number) => Math.floor(s * bytes.length);
        readOrRefuse(
          Uint8Array.from([
            ...a.subarray(0, at(a, x)),
            ...b.subarray(at(b, y), at(b, z)),
            ...a.subarray(at(a, x)),
          ]),
        );
        readOrRefuse(a.subarray(0, at(a, y)));
        readOrRefuse(Uint8Array.from([...a.subarray(0, at(a, x)), ...a.subarray(at(a, z))]));
      }),
      { numRuns: 1000 },
    );
  });
});

const time = fc.integer({ min: -2_000_000_000, max: 4_000_000_000 }).map((s) => s * 1000);
const float = fc.oneof(fc.double(), fc.constantFrom(0.5, Number.NaN, Number.POSITIVE_INFINITY));

const cells: Record<DType, (length: number) => fc.Arbitrary<Table['columns'][number]['values']>> = {
  float64: (n) => fc.float64Array({ minLength: n, maxLength: n }),
  float32: (n) => fc.float32Array({ minLength: n, maxLength: n }),
  int64: (n) => fc.bigInt64Array({ minLength: n, maxLength: n }),
  int32: (n) => fc.int32Array({ minLength: n, maxLength: n }),
  bool: (n) => fc.array(fc.nat(1), { minLength: n, maxLength: n }).map((a) => Uint8Array.from(a)),
  'datetime64[ns]': (n) =>
    fc
      .array(fc.oneof(time, fc.constant(Number.NaN)), { minLength: n, maxLength: n })
      .map((a) => Float64Array.from(a)),
  object: (n) =>
    fc.array(fc.oneof(fc.string(), fc.constant(null), fc.boolean()), { minLength: n, maxLength: n }),
};
const dtype = fc.constantFrom(...(Object.keys(cells) as DType[]));

function flatIndex(n: number): fc.Arbitrary<IndexLevel[]> {
  const name = fc.option(fc.string());
  return dtype.chain((type) =>
    fc
      .tuple(name, cells[type](n))
      .map(([label, values]) => [{ name: label, dtype: type, values, codes: null }]),
  );
}

function multiIndex(n: number): fc.Arbitrary<IndexLevel[]> {
  const level = (type: DType, size: number) =>
    fc
      .tuple(
        fc.option(fc.string()),
        cells[type](size),
        fc.array(fc.integer({ min: -1, max: size - 1 }), { minLength: n, maxLength: n }),
      )
      .map(
        ([name, values, codes]): IndexLevel => ({ name, dtype: type, values, codes: Int32Array.from(codes) }),
      );
  return fc.tuple(level('datetime64[ns]', 3), level('object', 200), level('int64', 1));
}

const table: fc.Arbitrary<Table> = fc.nat(6).chain((n) =>
  fc
    .tuple(
      fc.oneof(flatIndex(n), multiIndex(n)),
      fc.array(
        dtype.chain((type) =>
          fc.tuple(fc.string(), cells[type](n)).map(([label, values]) => ({ label, dtype: type, values })),
        ),
        { maxLength: 6 },
      ),
    )
    .map(([index, columns]) => ({ kind: 'frame', index, columns })),
);

const series: fc.Arbitrary<SeriesTable> = fc
  .nat(6)
  .chain((n) =>
    dtype.chain((type) =>
      fc
        .tuple(flatIndex(n), cells[type](n), fc.oneof(fc.string(), fc.integer(), fc.constant(null)))
        .map(([index, values, name]) => ({ kind: 'series', index, name, dtype: type, values })),
    ),
  );

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.bigInt({ min: 2n ** 53n }),
    fc.bigInt({ max: -(2n ** 53n) }),
    float.filter((x) => !Number.isInteger(x) || Object.is(x, -0)),
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 400 }),
    time.map((t) => new PyTimestamp(t)),
    time.map((t) => new PyDate(t - (((t % 86_400_000) + 86_400_000) % 86_400_000))),
    fc.tuple(time, fc.nat(999_999)).map(([t, micro]) => new PyDateTime(t, micro)),
    fc.array(tie('value')),
    fc.array(tie('value')).map((items) => new PyTuple(items)),
    fc.array(fc.tuple(fc.string(), tie('value'))).map((entries) => new Map(entries)),
    fc.uniqueArray(fc.integer()).map((items) => new Set(items)),
    fc
      .array(
        fc.tuple(
          fc.string().filter((s) => !/^__.*__$/.test(s)),
          tie('value'),
        ),
      )
      .map((entries) => new PyObject('qlib.backtest.position', 'Position', new Map(entries))),
  ),
}));

const listed = fc.constantFrom(...listedNames).map((path) => {
  const cut = path.startsWith('zoneinfo') ? path.indexOf('.') : path.lastIndexOf('.');
  return new PyGlobal(path.slice(0, cut), path.slice(cut + 1));
});

/** Calls of listed names, new objects of listed classes and what pandas' states hold, all with arguments that may not fit. */
const { odd } = fc.letrec((tie) => ({
  odd: fc.oneof(
    { depthSize: 'medium' },
    value,
    fc.constantFrom(
      'f8',
      'O8',
      'M8',
      '<',
      'C',
      'K',
      'F',
      'latin1',
      'large_string',
      -1,
      0,
      1,
      2,
      2 ** 40,
      3n ** 60n,
    ),
    fc.constantFrom(new PyTuple([1]), new PyTuple([0]), new PyTuple([2, 3]), new PyTuple([2 ** 30, 2 ** 30])),
    table,
    series,
    table.map(({ index }) => ({ kind: 'index', index })),
    listed,
    fc.float64Array({ maxLength: 6 }),
    fc.int8Array({ maxLength: 6 }),
    fc
      .tuple(listed, fc.array(tie('odd'), { maxLength: 6 }))
      .map(([{ module, name }, args]) => new PyReduced(module, name, args, '')),
    fc
      .tuple(
        listed,
        fc.dictionary(
          fc.constantFrom(
            '_mgr',
            'data',
            '0.14.1',
            'axes',
            'blocks',
            'values',
            'mgr_locs',
            'levels',
            'codes',
            'names',
            'name',
            '_name',
            'start',
            'stop',
            'step',
            '_data',
            '_mask',
            '_pa_array',
            'categories',
          ),
          tie('odd'),
        ),
      )
      .map(([{ module, name }, state]) => new PyObject(module, name, new Map(Object.entries(state)))),
    fc.dictionary(fc.constantFrom('data', 'axes', 'blocks', 'levels', 'codes', 'stop'), tie('odd')),
    fc.array(tie('odd'), { maxLength: 5 }).map((items) => new PyTuple(items)),
    fc.array(tie('odd'), { maxLength: 3 }),
  ),
}));

describe('readPickle of calls that do not fit', () => {
  it('ends with a value or a UserError', () => {
    fc.assert(
      fc.property(odd, (v) => readOrRefuse(writePickle(v))),
      { numRuns: 800 },
    );
  });
});

describe('readPickle of what writePickle wrote', () => {
  it('gives back any value', () => {
    fc.assert(
      fc.property(value, (v) => {
        expect(readPickle(writePickle(v))).toEqual(v);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives back any frame', () => {
    fc.assert(
      fc.property(table, (t) => {
        expect(readPickle(writePickle(t))).toEqual(t);
      }),
      { numRuns: 500 },
    );
  });

  it('gives back any series', () => {
    fc.assert(
      fc.property(series, (s) => {
        expect(readPickle(writePickle(s))).toEqual(s);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same bytes for equal values', () => {
    fc.assert(
      fc.property(fc.oneof(value, table, series), (v) => {
        expect(writePickle(v)).toEqual(writePickle(reread(v)));
      }),
      { numRuns: 300 },
    );
  });

  it('prints without an error', () => {
    fc.assert(
      fc.property(fc.oneof(table, series, value), (v) => {
        expect(typeof pprint(v)).toBe('string');
      }),
      { numRuns: 300 },
    );
  });

  it('reads a float that was marked as one as a number', () => {
    expect(readPickle(writePickle([new PyFloat(3)]))).toEqual([3]);
  });
});

/** An equal value that shares nothing with the given one. */
function reread(v: unknown): unknown {
  return readPickle(writePickle(v));
}
