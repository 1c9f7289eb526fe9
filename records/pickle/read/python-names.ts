import { PyTuple } from '../../../components/core/python.ts';
import { floatRepr, pythonRepr } from '../python-repr.ts';
import { PyGlobal, PyReduced } from '../values.ts';
import { addItem, setItem } from './dict.ts';
import { type Known, named, passive, type Reading } from './known.ts';
import { expectBigInt, expectBytes, expectInt, expectString, kindOf, Malformed } from './malformed.ts';

/** The items of a list, tuple or set argument; none where it is left out. */
function itemsOf(value: unknown, reading: Reading): unknown[] {
  if (value === undefined) return [];
  const items = value instanceof PyTuple ? value.items : value instanceof Set ? [...value] : value;
  if (!Array.isArray(items)) throw new Malformed(`${kindOf(value)} has no items`);
  reading.charge(32 * items.length);
  return [...items];
}

const makeSet: Known = {
  call: ([items], reading) => {
    const set = new Set();
    for (const item of itemsOf(items, reading)) addItem(set, item, reading);
    return set;
  },
};

function makeDict(pairs: unknown, reading: Reading): Map<unknown, unknown> {
  const dict = new Map<unknown, unknown>();
  const entries = pairs instanceof Map ? [...pairs] : itemsOf(pairs, reading);
  for (const entry of entries) {
    const pair = entry instanceof PyTuple ? entry.items : entry;
    if (!Array.isArray(pair) || pair.length !== 2) throw new Malformed('a dict entry that is no pair');
    setItem(dict, pair[0], pair[1], reading);
  }
  // subclasses of dict may carry attributes of their own, which say nothing here
  reading.onBuild(dict, () => {});
  return dict;
}

function makeBytes(args: readonly unknown[], reading: Reading): Uint8Array {
  const [content] = args;
  if (content === undefined) return new Uint8Array(0);
  if (typeof content === 'number') {
    const length = expectInt(content, 'a length');
    if (length < 0) throw new Malformed(`a length of ${length}`);
    reading.charge(length);
    return new Uint8Array(length);
  }
  return expectBytes(content, 'the content of a bytearray');
}

function encode(args: readonly unknown[], reading: Reading): Uint8Array {
  const text = expectString(args[0], 'the text to encode');
  const encoding = args[1] === undefined ? 'utf-8' : expectString(args[1], 'the name of an encoding');
  reading.charge(text.length);
  if (/^(utf-?8)$/i.test(encoding)) return new TextEncoder().encode(text);
  if (!/^(latin-?1|iso-?8859-?1)$/i.test(encoding))
    throw new Malformed(`the encoding ${encoding} is not known`);
  return expectBytes(text, 'the text to encode');
}

/** An object known by its arguments; `text` makes what Python prints. */
function reduced(module: string, name: string, text: (args: readonly unknown[]) => string): Known {
  return { call: (args) => new PyReduced(module, name, args, text(args)) };
}

function scalarTexts(args: readonly unknown[]): string {
  return args.map((a) => (a instanceof PyGlobal ? a.path : pythonRepr(a, 200))).join(', ');
}

/**
 * Python names methods of a class and members of an enum by `getattr`. Only two such are read, as names: the maker of ZoneInfo
 * and constants of classes that are kept as data.
 */
function getAttribute(args: readonly unknown[], reading: Reading): unknown {
  const [owner, name] = args;
  if (args.length === 2 && owner instanceof PyGlobal && typeof name === 'string') {
    if (owner.path === 'zoneinfo.ZoneInfo' && name === '_unpickle')
      return new PyGlobal('zoneinfo', 'ZoneInfo._unpickle');
    if (owner.module.startsWith('qlib.') && /^[A-Z][A-Z0-9_]*$/.test(name))
      return new PyReduced('builtins', 'getattr', args, `${owner.name}.${name}`);
  }
  throw reading.refused('global builtins.getattr');
}

const builtins: Readonly<Record<string, Known>> = {
  set: makeSet,
  frozenset: makeSet,
  list: { call: ([items], reading) => itemsOf(items, reading) },
  tuple: { call: ([items], reading) => new PyTuple(itemsOf(items, reading)) },
  dict: {
    call: ([pairs], reading) => makeDict(pairs, reading),
    create: (_, reading) => makeDict(undefined, reading),
  },
  bytearray: { call: makeBytes },
  bytes: { call: makeBytes },
  complex: reduced('builtins', 'complex', ([re, im]) => complexText(Number(re), Number(im ?? 0))),
  slice: reduced('builtins', 'slice', (args) => `slice(${scalarTexts(args)})`),
  range: reduced('builtins', 'range', (args) => `range(${scalarTexts(args)})`),
  getattr: { call: getAttribute },
  object: passive,
  int: passive,
  float: passive,
  str: passive,
  bool: passive,
};

/** Python's `str` of a complex number. */
export function complexText(re: number, im: number): string {
  const part = (x: number) => floatRepr(x).replace(/\.0$/, '');
  if (re === 0 && !Object.is(re, -0)) return `${part(im)}j`;
  return `(${part(re)}${im < 0 || Object.is(im, -0) ? '' : '+'}${part(im)}j)`;
}

/** A text, or numerator and denominator. */
function fractionText([first, second]: readonly unknown[]): string {
  if (typeof first === 'string') return first;
  const parts = [first, second ?? 1].map((p) => expectBigInt(p, 'part of a fraction'));
  return parts[1] === 1n ? `${parts[0]}` : parts.join('/');
}

function pathText(args: readonly unknown[], separator: string): string {
  const parts = args.map((a) => expectString(a, 'part of a path'));
  return parts.join(separator).replace(/^\/{2,}/, '/');
}

const paths = Object.fromEntries(
  ['PurePosixPath', 'PosixPath', 'PureWindowsPath', 'WindowsPath'].map((name) => [
    name,
    reduced('pathlib', name, (args) => pathText(args, name.includes('Posix') ? '/' : '\\')),
  ]),
);

/** Builtins, containers, numbers and paths of Python's own library. */
export const pythonNames: readonly (readonly [string, Known])[] = [
  ...named(['builtins', '__builtin__'], builtins),
  // what Python 3 calls them in protocols 0 to 2
  ...named(['__builtin__'], { xrange: builtins['range']!, unicode: passive, long: passive }),
  ...named(['collections'], {
    OrderedDict: { call: ([pairs], reading) => makeDict(pairs, reading) },
    // the first argument is the factory of missing values
    defaultdict: { call: (_, reading) => makeDict(undefined, reading) },
    Counter: { call: ([pairs], reading) => makeDict(pairs, reading) },
    deque: { call: ([items], reading) => itemsOf(items, reading) },
  }),
  ...named(['_codecs'], { encode: { call: encode } }),
  ...named(['copyreg', 'copy_reg'], {
    // (class, base, state of the base): what protocols 0 and 1 make plain objects with
    _reconstructor: {
      call: ([cls], reading) => {
        if (!(cls instanceof PyGlobal)) throw new Malformed(`no class but ${kindOf(cls)}`);
        return reading.instance(cls);
      },
    },
  }),
  ...named(['decimal', '_decimal', '_pydecimal'], {
    Decimal: reduced('decimal', 'Decimal', ([text]) => expectString(text, 'the text of a Decimal')),
  }),
  ...named(['fractions'], {
    Fraction: reduced('fractions', 'Fraction', fractionText),
  }),
  ...named(['pathlib', 'pathlib._local'], paths),
];
