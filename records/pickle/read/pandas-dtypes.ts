import { type IndexTable, PyReduced } from '../values.ts';
import { type Known, named } from './known.ts';
import { expectMap, kindOf, Malformed } from './malformed.ts';

/** pandas' dtypes that arrays are read with; plain holders until then. */
export class CategoricalType {
  categories: IndexTable | undefined;
}
export class PeriodType {
  constructor(readonly freq: string) {}
}
export class ZonedType {
  zone: unknown = null;
}
/** StringDtype and the nullable dtypes: their arrays say all. */
export class PlainType {}

/** The letter of a frequency, of its text (`period[M]`) or of the pandas offset that stands for it. */
export function freqOf(value: unknown): string {
  if (typeof value === 'string') return /^period\[(.*)\]$/.exec(value)?.[1] ?? value;
  if (!(value instanceof PyReduced)) throw new Malformed(`a frequency is ${kindOf(value)}`);
  const letters: Record<string, string> = {
    Day: 'D',
    BusinessDay: 'B',
    Week: 'W',
    MonthEnd: 'M',
    QuarterEnd: 'Q',
    YearEnd: 'Y',
    Hour: 'h',
    Minute: 'min',
    Second: 's',
  };
  return letters[value.name] ?? value.name;
}

const plainType: Known = {
  call: () => new PlainType(),
  create: (_, reading) => ignoreState(new PlainType(), reading),
};

function ignoreState<T extends object>(target: T, reading: Parameters<NonNullable<Known['create']>>[1]): T {
  reading.onBuild(target, () => {});
  return target;
}

const categorical: Known = {
  create: (_, reading) => {
    const type = new CategoricalType();
    reading.onBuild(type, (given) => {
      const categories = expectMap(given, 'the state of a categorical dtype').get('categories');
      if (!isIndex(categories)) throw new Malformed(`categories are ${kindOf(categories)}`);
      type.categories = categories;
    });
    return type;
  },
};

const zonedType: Known = {
  create: (_, reading) => {
    const type = new ZonedType();
    reading.onBuild(type, (given) => {
      type.zone = expectMap(given, 'the state of a dtype with time zone').get('tz') ?? null;
    });
    return type;
  },
  call: ([, zone]) => Object.assign(new ZonedType(), { zone: zone ?? null }),
};

const period: Known = {
  call: ([freq]) => new PeriodType(freqOf(freq)),
};

export function isIndex(value: unknown): value is IndexTable {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'index';
}

const nullable = [
  'Int8',
  'Int16',
  'Int32',
  'Int64',
  'UInt8',
  'UInt16',
  'UInt32',
  'UInt64',
  'Float32',
  'Float64',
  'Boolean',
];
const types: Record<string, Known> = {
  CategoricalDtype: categorical,
  DatetimeTZDtype: zonedType,
  PeriodDtype: period,
  StringDtype: plainType,
  ...Object.fromEntries(nullable.map((name) => [`${name}Dtype`, plainType])),
};

export const pandasTypeNames: readonly (readonly [string, Known])[] = named(
  [
    'pandas',
    'pandas.core.dtypes.dtypes',
    'pandas.core.arrays.string_',
    'pandas.core.arrays.integer',
    'pandas.core.arrays.floating',
    'pandas.core.arrays.boolean',
  ],
  types,
);
