import { bind } from './arguments.ts';
import { TemplateFailure } from './failure.ts';
import { formatBraces } from './format.ts';
import { capitalized, center, linesOf, replaced, trimmed } from './text.ts';
import { countOf, integerOf, isEqual, itemsOf, type Named, stringOf, Tuple, type Value } from './values.ts';

type Method = (args: readonly Value[], named: Named) => Value;
type Methods = Readonly<Record<string, Method>>;

/** The methods of Python that values of this kind have, by name; what reads or writes files, or tells of the machine, is none of them. */
export function methodsOf(value: Value): Methods | undefined {
  if (typeof value === 'string') return ofText(value);
  if (Array.isArray(value)) return ofList(value);
  if (value instanceof Tuple) return ofTuple(value);
  return value instanceof Map ? ofDict(value) : undefined;
}

function ofText(text: string): Methods {
  const none =
    (name: string, make: () => Value): Method =>
    (args, named) => {
      bind(name, [], 0, args, named);
      return make();
    };
  const every = (name: string, pattern: RegExp) => none(name, () => text !== '' && pattern.test(text));
  const strip =
    (name: string, sides: 'both' | 'left' | 'right'): Method =>
    (args, named) => {
      const [characters] = bind(name, ['chars'], 0, args, named);
      return trimmed(
        text,
        characters === undefined || characters === null ? undefined : stringOf(characters, name),
        sides,
      );
    };
  const search =
    (name: string, find: (part: string, within: string) => number, isNeeded = false): Method =>
    (args, named) => {
      const [part, from = 0n, to] = bind(name, ['sub', 'start', 'end'], 1, args, named);
      const characters = [...text];
      const start = place(from, characters.length);
      const within = characters
        .slice(start, to === undefined ? undefined : place(to, characters.length))
        .join('');
      const found = find(stringOf(part!, name), within);
      if (found < 0 && isNeeded) throw new TemplateFailure('substring not found');
      return BigInt(found < 0 ? found : start + [...within.slice(0, found)].length);
    };
  const ends =
    (name: string, test: (part: string) => boolean): Method =>
    (args, named) => {
      const [part] = bind(name, ['part'], 1, args, named);
      const parts = part instanceof Tuple ? part.items : [part!];
      return parts.some((one) => test(stringOf(one, name)));
    };
  const pad =
    (name: string, make: (width: number, fill: string) => string): Method =>
    (args, named) => {
      const [width, fill = ' '] = bind(name, ['width', 'fillchar'], 1, args, named);
      return make(countOf(width!, name), stringOf(fill, name));
    };
  const split =
    (name: string, isRight: boolean): Method =>
    (args, named) => {
      const [by = null, most = -1n] = bind(name, ['sep', 'maxsplit'], 0, args, named);
      return splitText(
        text,
        by === null ? undefined : stringOf(by, name),
        Number(integerOf(most, name)),
        isRight,
      );
    };
  const part =
    (name: string, isRight: boolean): Method =>
    (args, named) => {
      const [by] = bind(name, ['sep'], 1, args, named);
      const mark = stringOf(by!, name);
      const at = isRight ? text.lastIndexOf(mark) : text.indexOf(mark);
      if (at < 0) return new Tuple(isRight ? ['', '', text] : [text, '', '']);
      return new Tuple([text.slice(0, at), mark, text.slice(at + mark.length)]);
    };
  const without =
    (name: string, make: (part: string) => string): Method =>
    (args, named) =>
      make(stringOf(bind(name, ['part'], 1, args, named)[0]!, name));
  return {
    upper: none('upper', () => text.toUpperCase()),
    lower: none('lower', () => text.toLowerCase()),
    casefold: none('casefold', () => text.toLowerCase().replaceAll('ß', 'ss')),
    capitalize: none('capitalize', () => capitalized(text)),
    title: none('title', () => text.toLowerCase().replace(/\p{L}+/gu, capitalized)),
    swapcase: none('swapcase', () =>
      [...text].map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join(''),
    ),
    strip: strip('strip', 'both'),
    lstrip: strip('lstrip', 'left'),
    rstrip: strip('rstrip', 'right'),
    startswith: ends('startswith', (one) => text.startsWith(one)),
    endswith: ends('endswith', (one) => text.endsWith(one)),
    removeprefix: without('removeprefix', (one) => (text.startsWith(one) ? text.slice(one.length) : text)),
    removesuffix: without('removesuffix', (one) =>
      one !== '' && text.endsWith(one) ? text.slice(0, -one.length) : text,
    ),
    split: split('split', false),
    rsplit: split('rsplit', true),
    partition: part('partition', false),
    rpartition: part('rpartition', true),
    splitlines: none('splitlines', () => linesOf(text)),
    join: (args, named) => {
      const [items] = bind('join', ['items'], 1, args, named);
      return itemsOf(items!)
        .map((item) => stringOf(item, 'an item to join'))
        .join(text);
    },
    find: search('find', (one, within) => within.indexOf(one)),
    rfind: search('rfind', (one, within) => within.lastIndexOf(one)),
    index: search('index', (one, within) => within.indexOf(one), true),
    count: (args, named) => {
      const [one] = bind('count', ['sub'], 1, args, named);
      const mark = stringOf(one!, 'count');
      return BigInt(mark === '' ? [...text].length + 1 : text.split(mark).length - 1);
    },
    replace: (args, named) => {
      const [from, to, count = -1n] = bind('replace', ['old', 'new', 'count'], 2, args, named);
      return replaced(
        text,
        stringOf(from!, 'replace'),
        stringOf(to!, 'replace'),
        Number(integerOf(count, 'count')),
      );
    },
    zfill: (args, named) => {
      const [width] = bind('zfill', ['width'], 1, args, named);
      const sign = /^[-+]/.exec(text)?.[0] ?? '';
      return sign + text.slice(sign.length).padStart(countOf(width!, 'zfill') - sign.length, '0');
    },
    center: pad('center', (width, fill) => center(text, width, fill)),
    ljust: pad('ljust', (width, fill) => text + fill.repeat(Math.max(0, width - [...text].length))),
    rjust: pad('rjust', (width, fill) => fill.repeat(Math.max(0, width - [...text].length)) + text),
    format: (args, named) => formatBraces(text, args, named),
    isdigit: every('isdigit', /^\p{Nd}+$/u),
    isdecimal: every('isdecimal', /^\p{Nd}+$/u),
    isnumeric: every('isnumeric', /^\p{N}+$/u),
    isalpha: every('isalpha', /^\p{L}+$/u),
    isalnum: every('isalnum', /^[\p{L}\p{N}]+$/u),
    isspace: every('isspace', /^\s+$/u),
    isupper: none('isupper', () => text !== text.toLowerCase() && text === text.toUpperCase()),
    islower: none('islower', () => text !== text.toUpperCase() && text === text.toLowerCase()),
  };
}

const place = (value: Value, length: number) => {
  const at = Number(integerOf(value, 'a place'));
  return Math.min(length, Math.max(0, at < 0 ? at + length : at));
};

function splitText(text: string, by: string | undefined, most: number, isRight: boolean): string[] {
  if (by === '') throw new TemplateFailure('the separator is empty');
  const parts = by === undefined ? text.split(/\s+/u).filter((part) => part !== '') : text.split(by);
  if (most < 0 || parts.length <= most + 1) return parts;
  if (by !== undefined)
    return isRight
      ? [parts.slice(0, parts.length - most).join(by), ...parts.slice(parts.length - most)]
      : [...parts.slice(0, most), parts.slice(most).join(by)];
  if (isRight) {
    const rest = new RegExp(`^(.*?)${'\\s+\\S+'.repeat(most)}\\s*$`, 's').exec(text)![1]!;
    return [rest.trimStart(), ...parts.slice(parts.length - most)];
  }
  const rest = new RegExp(`^\\s*${'\\S+\\s+'.repeat(most)}(.*)$`, 's').exec(text)![1]!;
  return [...parts.slice(0, most), rest];
}

const found = (items: readonly Value[], args: readonly Value[], named: Named) => {
  const [value] = bind('index', ['value'], 1, args, named);
  const at = items.findIndex((item) => isEqual(item, value!));
  if (at < 0) throw new TemplateFailure('the value is not in the list');
  return BigInt(at);
};
const counted = (items: readonly Value[], args: readonly Value[], named: Named) => {
  const [value] = bind('count', ['value'], 1, args, named);
  return BigInt(items.filter((item) => isEqual(item, value!)).length);
};

const ofTuple = ({ items }: Tuple): Methods => ({
  index: (args, named) => found(items, args, named),
  count: (args, named) => counted(items, args, named),
});

const ofList = (list: Value[]): Methods => ({
  index: (args, named) => found(list, args, named),
  count: (args, named) => counted(list, args, named),
  copy: () => [...list],
  append: (args, named) => {
    list.push(bind('append', ['value'], 1, args, named)[0]!);
    return null;
  },
  extend: (args, named) => {
    list.push(...itemsOf(bind('extend', ['values'], 1, args, named)[0]!));
    return null;
  },
  insert: (args, named) => {
    const [at, value] = bind('insert', ['index', 'value'], 2, args, named);
    list.splice(Number(integerOf(at!, 'insert')), 0, value!);
    return null;
  },
  pop: (args, named) => {
    const [at = -1n] = bind('pop', ['index'], 0, args, named);
    const [value] = list.splice(Number(integerOf(at, 'pop')), 1);
    if (value === undefined) throw new TemplateFailure('pop from a list without such an item');
    return value;
  },
  reverse: () => {
    list.reverse();
    return null;
  },
});

const ofDict = (dict: Map<Value, Value>): Methods => ({
  items: () => [...dict].map((pair) => new Tuple(pair)),
  keys: () => [...dict.keys()],
  values: () => [...dict.values()],
  copy: () => new Map(dict),
  get: (args, named) => {
    const [key, none = null] = bind('get', ['key', 'default'], 1, args, named);
    return dict.get(key!) ?? (dict.has(key!) ? null : none);
  },
  setdefault: (args, named) => {
    const [key, none = null] = bind('setdefault', ['key', 'default'], 1, args, named);
    if (!dict.has(key!)) dict.set(key!, none);
    return dict.get(key!)!;
  },
  update: (args, named) => {
    for (const other of args) {
      if (!(other instanceof Map)) throw new TemplateFailure('update takes a dict');
      for (const [key, value] of other) dict.set(key, value);
    }
    for (const [key, value] of named) dict.set(key, value);
    return null;
  },
  pop: (args, named) => {
    const [key, none] = bind('pop', ['key', 'default'], 1, args, named);
    const value = dict.get(key!) ?? none;
    if (value === undefined) throw new TemplateFailure('pop from a dict without such a key');
    dict.delete(key!);
    return value;
  },
});
