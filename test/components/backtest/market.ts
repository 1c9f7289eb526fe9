import { dayMs, parseTime, type Time } from '../../../components/core/dates.ts';
import { UserError } from '../../../components/core/errors.ts';
import { denseColumn, Panel, PanelIndex } from '../../../components/core/panel.ts';
import type { DataProvider, InstrumentsSpec } from '../../../components/data/provider.ts';

/** Daily bars of one instrument; a NaN close is a suspended day, a missing day has no row. */
export interface Bars {
  readonly close: readonly number[];
  readonly open?: readonly number[];
  readonly factor?: readonly number[];
  readonly volume?: readonly number[];
  /** Weight in the index csi500. */
  readonly weight?: readonly number[];
}

/** Weekdays from a day on. */
export function weekdays(first: string, count: number): Float64Array {
  const days: Time[] = [];
  for (let day = parseTime(first)!; days.length < count; day += dayMs)
    if (![0, 6].includes(new Date(day).getUTCDay())) days.push(day);
  return Float64Array.from(days);
}

/** A small market held in memory, that computes single fields and `$close/Ref($close,1)-1`. */
export function market(days: Float64Array, bars: Readonly<Record<string, Bars>>): DataProvider {
  const names = Object.keys(bars).sort();
  const figure = (name: string, expression: string, day: number): number => {
    const { close, open = close, volume, factor, weight } = bars[name]!;
    const isOpen = close[day] !== undefined && !Number.isNaN(close[day]);
    const fields: Readonly<Record<string, number | undefined>> = {
      $close: close[day],
      $open: open[day],
      $volume: isOpen ? (volume?.[day] ?? 1e6) : Number.NaN,
      $factor: isOpen ? (factor?.[day] ?? (factor ? Number.NaN : 1)) : Number.NaN,
      $csi500_weight: weight?.[day],
      $change: close[day]! / close[day - 1]! - 1,
      '$close/Ref($close,1)-1': close[day]! / close[day - 1]! - 1,
    };
    if (!(expression in fields)) throw new UserError(`the test market does not know ${expression}`);
    return fields[expression] ?? Number.NaN;
  };
  const listOf = (spec: InstrumentsSpec): string[] => {
    if (Array.isArray(spec)) return spec.filter((name) => name in bars).sort();
    return spec instanceof Map ? names.filter((name) => spec.has(name)) : names;
  };
  return {
    folder: 'a test market',
    async calendar({ start = null, end = null, freq = 'day' } = {}) {
      if (freq !== 'day') throw new UserError(`the test market has no ${freq} calendar`);
      return days.filter((day) => day >= (start ?? day) && day <= (end ?? day));
    },
    markets: async () => ['all'],
    instruments: async (spec) =>
      new Map(listOf(spec).map((name) => [name, [{ start: days[0]!, end: days.at(-1)! }]])),
    fields: async () => ['close', 'open', 'factor', 'volume'],
    async features({ instruments, fields, start, end }) {
      const chosen = listOf(instruments);
      const times: Time[] = [];
      const offsets = [0];
      const codes: number[] = [];
      const columns: number[][] = fields.map(() => []);
      for (const [day, time] of days.entries()) {
        if (time < (start ?? time) || time > (end ?? time)) continue;
        for (const [code, name] of chosen.entries()) {
          if (bars[name]!.close[day] === undefined) continue;
          codes.push(code);
          for (const [j, { expression }] of fields.entries()) columns[j]!.push(figure(name, expression, day));
        }
        times.push(time);
        offsets.push(codes.length);
      }
      const index = new PanelIndex(
        Float64Array.from(times),
        Int32Array.from(offsets),
        chosen,
        Int32Array.from(codes),
      );
      return new Panel(
        index,
        fields.map(({ group, name }, j) => denseColumn(group, name, Float32Array.from(columns[j]!))),
      );
    },
  };
}

/** A panel with one column `score`: `scores[name][day]`, undefined for no row. */
export function scorePanel(
  days: Float64Array,
  scores: Readonly<Record<string, readonly (number | undefined)[]>>,
  names: readonly string[] = Object.keys(scores).sort(),
): Panel {
  const codes: number[] = [];
  const values: number[] = [];
  const offsets = [0];
  for (const day of days.keys()) {
    for (const [code, name] of names.entries()) {
      const value = scores[name]![day];
      if (value === undefined) continue;
      codes.push(code);
      values.push(value);
    }
    offsets.push(codes.length);
  }
  const index = new PanelIndex(days, Int32Array.from(offsets), names, Int32Array.from(codes));
  return new Panel(index, [denseColumn(null, 'score', Float64Array.from(values))]);
}
