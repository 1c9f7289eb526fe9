import { bind } from './arguments.ts';
import { TemplateFailure } from './failure.ts';
import { itemOf } from './members.ts';
import { operate } from './operators.ts';
import { passes } from './tests.ts';
import {
  compare,
  countOf,
  isEqual,
  isTrue,
  itemsOf,
  type Named,
  stringOf,
  Tuple,
  textOf,
  Undefined,
  type Value,
} from './values.ts';

/** Works on a value; `apply` is any filter by its name. */
export type Filter = (
  value: Value,
  args: readonly Value[],
  named: Named,
  apply: (name: string, value: Value, args: readonly Value[], named: Named) => Value,
) => Value;

/** A filter with arguments by name, each with its default; the first `least` must be given. */
export function filter(
  name: string,
  names: readonly string[],
  apply: (value: Value, ...args: (Value | undefined)[]) => Value,
  least = 0,
): Filter {
  return (value, args, named) => apply(value, ...bind(`the filter "${name}"`, names, least, args, named));
}

/** `a.b.0` of a value, or the value itself where no attribute is asked for. */
function reader(attribute: Value | undefined, none?: Value): (value: Value) => Value {
  if (attribute === undefined || attribute === null) return (value) => value;
  const keys: Value[] =
    typeof attribute === 'string'
      ? attribute.split('.').map((key) => (/^\d+$/.test(key) ? BigInt(key) : key))
      : [attribute];
  return (value) => {
    let found = value;
    for (const key of keys) {
      found = itemOf(found, key);
      if (found instanceof Undefined && none !== undefined) return none;
    }
    return found;
  };
}

const folded = (value: Value, isExact: boolean): Value =>
  typeof value === 'string' && !isExact ? value.toLowerCase() : value;

const first = (items: readonly Value[], what: string): Value =>
  items[0] ?? new Undefined(`there is no ${what}: nothing is there`, undefined);

function sorted(items: readonly Value[], key: (value: Value) => Value, isReversed: boolean): Value[] {
  const keyed = items.map((item) => ({ item, key: key(item) }));
  keyed.sort((a, b) => (isReversed ? compare(b.key, a.key) : compare(a.key, b.key)));
  return keyed.map(({ item }) => item);
}

function extreme(name: string, sign: number): Filter {
  return filter(name, ['case_sensitive', 'attribute'], (value, isExact = false, attribute = null) => {
    const key = reader(attribute);
    let best: Value | undefined;
    for (const item of itemsOf(value))
      if (
        best === undefined ||
        sign * compare(folded(key(item), isTrue(isExact)), folded(key(best), isTrue(isExact))) > 0
      )
        best = item;
    return best ?? first([], 'item');
  });
}

/** `select(test, ...)` and `reject`: those for which the test says so; without one, whether they are true. */
function chosen(isWanted: boolean): Filter {
  return (value, args, named) => {
    const [test, ...rest] = args;
    return itemsOf(value).filter((item) => holdsFor(item, test, rest, named) === isWanted);
  };
}

function chosenBy(name: string, isWanted: boolean): Filter {
  return (value, args, named) => {
    const [attribute, test, ...rest] = args;
    if (attribute === undefined) throw new TemplateFailure(`the filter "${name}" needs an attribute`);
    const read = reader(attribute);
    return itemsOf(value).filter((item) => holdsFor(read(item), test, rest, named) === isWanted);
  };
}

const holdsFor = (value: Value, test: Value | undefined, args: readonly Value[], named: Named) =>
  test === undefined ? isTrue(value) : passes(stringOf(test, 'the name of a test'), value, args, named);

const map: Filter = (value, args, named, apply) => {
  const items = itemsOf(value);
  if (args.length === 0) {
    const [attribute, none] = bind('the filter "map"', ['attribute', 'default'], 1, [], named);
    const read = reader(attribute, none);
    return items.map(read);
  }
  const [name, ...rest] = args;
  return items.map((item) => apply(stringOf(name!, 'the name of a filter'), item, rest, named));
};

/** Filters over items, as those of Jinja2; where it makes a generator, this makes a list. */
export const listFilters: Readonly<Record<string, Filter>> = {
  length: filter('length', [], (value) => BigInt(itemsOf(value).length)),
  list: filter('list', [], (value) => [...itemsOf(value)]),
  first: filter('first', [], (value) => first(itemsOf(value), 'first item')),
  last: filter('last', [], (value) => first(itemsOf(value).slice(-1), 'last item')),
  reverse: filter('reverse', [], (value) =>
    typeof value === 'string' ? [...value].reverse().join('') : [...itemsOf(value)].reverse(),
  ),
  join: filter('join', ['d', 'attribute'], (value, by = '', attribute = null) => {
    const [items, mark, read] = [itemsOf(value), textOf(by), reader(attribute)];
    countOf(BigInt(items.length * mark.length), 'a text', 1_000_000);
    return items.map((item) => textOf(read(item))).join(mark);
  }),
  sum: filter('sum', ['attribute', 'start'], (value, attribute = null, start = 0n) => {
    const read = reader(attribute);
    return itemsOf(value).reduce<Value>((sum, item) => operate('+', sum, read(item)), start);
  }),
  min: extreme('min', -1),
  max: extreme('max', 1),
  sort: filter(
    'sort',
    ['reverse', 'case_sensitive', 'attribute'],
    (value, reverse = false, isExact = false, attribute = null) => {
      const reads =
        typeof attribute === 'string' && attribute.includes(',')
          ? attribute.split(',').map((one) => reader(one))
          : [reader(attribute)];
      const key = (item: Value) => {
        const keys = reads.map((read) => folded(read(item), isTrue(isExact)));
        return keys.length === 1 ? keys[0]! : keys;
      };
      return sorted(itemsOf(value), key, isTrue(reverse));
    },
  ),
  unique: filter('unique', ['case_sensitive', 'attribute'], (value, isExact = false, attribute = null) => {
    const read = reader(attribute);
    const seen = new Set<Value>();
    return itemsOf(value).filter((item) => {
      const key = folded(read(item), isTrue(isExact));
      const known =
        typeof key === 'object' && key !== null ? ([...seen].find((one) => isEqual(one, key)) ?? key) : key;
      const isNew = !seen.has(known);
      seen.add(known);
      return isNew;
    });
  }),
  dictsort: filter(
    'dictsort',
    ['case_sensitive', 'by', 'reverse'],
    (value, isExact = false, by = 'key', reverse = false) => {
      if (!(value instanceof Map)) throw new TemplateFailure('the filter "dictsort" takes a dict');
      const index = by === 'value' ? 1 : 0;
      const pairs = [...value].map((pair) => new Tuple(pair));
      return sorted(pairs, (pair) => folded((pair as Tuple).items[index]!, isTrue(isExact)), isTrue(reverse));
    },
  ),
  items: filter('items', [], (value) => {
    if (value instanceof Undefined) return [];
    if (!(value instanceof Map)) throw new TemplateFailure('the filter "items" takes a dict');
    return [...value].map((pair) => new Tuple(pair));
  }),
  groupby: filter(
    'groupby',
    ['attribute', 'default', 'case_sensitive'],
    (value, attribute, none, isExact = false) => {
      const read = reader(attribute, none);
      const key = (item: Value) => folded(read(item), isTrue(isExact));
      const groups: { key: Value; items: Value[] }[] = [];
      for (const item of sorted(itemsOf(value), key, false)) {
        const last = groups.at(-1);
        if (last && isEqual(last.key, key(item))) last.items.push(item);
        else groups.push({ key: key(item), items: [item] });
      }
      return groups.map(({ items }) => new Tuple([read(items[0]!), items], ['grouper', 'list']));
    },
    1,
  ),
  batch: filter(
    'batch',
    ['linecount', 'fill_with'],
    (value, count, fill = null) => {
      const [size, items] = [countOf(count!, 'batch'), itemsOf(value)];
      if (size < 1) throw new TemplateFailure('batch takes a number of items above 0');
      const rows: Value[][] = [];
      for (let i = 0; i < items.length; i += size) rows.push(items.slice(i, i + size));
      const last = rows.at(-1);
      if (last && fill !== null) while (last.length < size) last.push(fill);
      return rows;
    },
    1,
  ),
  slice: filter(
    'slice',
    ['slices', 'fill_with'],
    (value, count, fill = null) => {
      const [parts, items] = [countOf(count!, 'slice'), itemsOf(value)];
      if (parts < 1) throw new TemplateFailure('slice takes a number of parts above 0');
      const [least, longer] = [Math.floor(items.length / parts), items.length % parts];
      return Array.from({ length: parts }, (_, i) => {
        const from = i * least + Math.min(i, longer);
        const part = items.slice(from, from + least + (i < longer ? 1 : 0));
        return fill !== null && i >= longer && longer > 0 ? [...part, fill] : part;
      });
    },
    1,
  ),
  map,
  select: chosen(true),
  reject: chosen(false),
  selectattr: chosenBy('selectattr', true),
  rejectattr: chosenBy('rejectattr', false),
};
