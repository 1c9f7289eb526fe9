import type { BinPrint, Fingerprint, FrequencyPrint } from './fingerprint.ts';

/** How the values of one instrument's field differ. */
export interface BinChange {
  readonly instrument: string;
  /** `gone` and `new`: only one side has it; `days`: its first or last day moved, values of common years are equal. */
  readonly kind: 'values' | 'days' | 'gone' | 'new';
  /** Years whose values differ. */
  readonly years: readonly string[];
  /** First and last day of each side; null where it has none. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface FieldChange {
  readonly freq: string;
  readonly field: string;
  readonly changes: readonly BinChange[];
}

export interface CalendarChange {
  readonly freq: string;
  /** Null where a calendar is too long to be listed. */
  readonly added: readonly string[] | null;
  readonly removed: readonly string[] | null;
}

export interface MarketChange {
  readonly market: string;
  readonly joined: readonly string[];
  readonly left: readonly string[];
  /** Still there, with other spans. */
  readonly moved: readonly string[];
}

/** What differs between two fingerprints; empty lists where they are equal. */
export interface DataDifference {
  readonly calendars: readonly CalendarChange[];
  readonly markets: readonly MarketChange[];
  readonly fields: readonly FieldChange[];
}

/** Which fields, instruments and years differ, who joined or left a market, which days came or went. `before` and `after` as named. */
export function diffFingerprints(before: Fingerprint, after: Fingerprint): DataDifference {
  const pairs = joined(before.frequencies, after.frequencies, (f) => f.freq).filter(
    (pair): pair is [string, FrequencyPrint, FrequencyPrint] => !!pair[1] && !!pair[2],
  );
  return {
    calendars: pairs.flatMap(([freq, a, b]) => calendarChange(freq, a, b)),
    markets: joined(before.markets, after.markets, (m) => m.name).flatMap(([market, a, b]) => {
      if (a?.hash === b?.hash) return [];
      const [was, is] = [a?.members ?? {}, b?.members ?? {}];
      return [
        {
          market,
          joined: Object.keys(is).filter((name) => !Object.hasOwn(was, name)),
          left: Object.keys(was).filter((name) => !Object.hasOwn(is, name)),
          moved: Object.keys(is).filter(
            (name) => Object.hasOwn(was, name) && String(was[name]) !== String(is[name]),
          ),
        },
      ];
    }),
    fields: pairs.flatMap(([freq, a, b]) => fieldChanges(freq, a, b)),
  };
}

/** Is nothing different? */
export function isSameData({ calendars, markets, fields }: DataDifference): boolean {
  return calendars.length + markets.length + fields.length === 0;
}

function calendarChange(freq: string, a: FrequencyPrint, b: FrequencyPrint): CalendarChange[] {
  if (a.calendar.hash === b.calendar.hash) return [];
  const [was, is] = [a.calendar.times, b.calendar.times];
  if (!was || !is) return [{ freq, added: null, removed: null }];
  const [old, now] = [new Set(was), new Set(is)];
  return [{ freq, added: is.filter((t) => !old.has(t)), removed: was.filter((t) => !now.has(t)) }];
}

function fieldChanges(freq: string, a: FrequencyPrint, b: FrequencyPrint): FieldChange[] {
  const names = [...new Set([...Object.keys(a.fields), ...Object.keys(b.fields)])].sort();
  return names.flatMap((field) => {
    if (a.fields[field]?.hash === b.fields[field]?.hash) return [];
    const [was, is] = [a.fields[field]?.instruments ?? {}, b.fields[field]?.instruments ?? {}];
    const instruments = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
    const changes = instruments.flatMap((name) => binChange(name, was[name], is[name]));
    return changes.length > 0 ? [{ freq, field, changes }] : [];
  });
}

function binChange(instrument: string, a: BinPrint | undefined, b: BinPrint | undefined): BinChange[] {
  const [before, after] = [a ? `${a.start}..${a.end}` : null, b ? `${b.start}..${b.end}` : null];
  const common = { instrument, before, after };
  if (!a || !b) return [{ ...common, kind: a ? 'gone' : 'new', years: [] }];
  const years = Object.keys(a.years).filter((y) => Object.hasOwn(b.years, y) && a.years[y] !== b.years[y]);
  if (years.length > 0) return [{ ...common, kind: 'values', years }];
  const sameDays = before === after && a.count === b.count;
  return sameDays ? [] : [{ ...common, kind: 'days', years: [] }];
}

function joined<T>(
  a: readonly T[],
  b: readonly T[],
  key: (item: T) => string,
): [key: string, a: T | undefined, b: T | undefined][] {
  const [left, right] = [new Map(a.map((x) => [key(x), x])), new Map(b.map((x) => [key(x), x]))];
  return [...new Set([...left.keys(), ...right.keys()])].map((k) => [k, left.get(k), right.get(k)]);
}
