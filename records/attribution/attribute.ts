import { dayMs, type Time } from '../../components/core/dates.ts';
import { denseValues, type Panel } from '../../components/core/panel.ts';
import type { DataProvider } from '../../components/data/provider.ts';
import { type BrinsonDay, binGroups } from '../../components/eval/brinson.ts';
import type { IndexWeights } from './index-weights.ts';
import { type AttributionOptions, fieldExpression } from './options.ts';

/** Days looked back for prices and groups of what is suspended, as in qlib. */
const lookBackDays = 250;

/** Money held of each instrument at the end of each step. */
export type Books = ReadonlyMap<Time, ReadonlyMap<string, number>>;

type Groups = ReadonlyMap<string, string | number>;

/**
 * The days of an attribution: weights of the portfolio in its instruments' value, those of the benchmark among its members, groups, and the return
 * of the deal price over the next day (none on the last one).
 * @param named groups by instrument; null: they come from `group_field`
 * @param published weights of an index; null: the benchmark are the members of the market `bench`
 */
export async function attributionDays(
  data: DataProvider,
  books: Books,
  named: Groups | null,
  options: AttributionOptions,
  published: IndexWeights | null = null,
): Promise<Map<Time, BrinsonDay>> {
  const times = [...books.keys()].sort((a, b) => a - b);
  const [start, end] = [times[0]!, times[times.length - 1]!];
  const { bench = 'all', bench_weight, deal_price = 'close', group_field } = options;
  const members = published
    ? null
    : await data.features({
        instruments: bench,
        fields: [field(bench_weight ? fieldExpression(bench_weight) : '$close')],
        start,
        end,
      });
  const benchmarkAt = (time: Time) =>
    members ? memberWeights(members, time, Boolean(bench_weight)) : normalized(published!(time));
  const names = [
    ...new Set([
      ...(members?.index.instruments ?? times.flatMap((time) => [...published!(time).keys()])),
      ...[...books.values()].flatMap((b) => [...b.keys()]),
    ]),
  ];
  const panel = await data.features({
    instruments: names.sort(),
    fields: [
      field(fieldExpression(deal_price)),
      ...(group_field ? [field(fieldExpression(group_field), 'g')] : []),
    ],
    start: start - lookBackDays * dayMs,
    end,
  });
  const price = filledMatrix(panel, 0);
  const groupValues = group_field ? filledMatrix(panel, 1) : undefined;
  const days = new Map<Time, BrinsonDay>();
  for (const time of times) {
    const benchmark = benchmarkAt(time);
    days.set(time, {
      portfolio: normalized(books.get(time)!),
      benchmark,
      groups: named ?? groupsOf(groupValues!, time, benchmark, options),
      returns: returnsAfter(price, time),
    });
  }
  return days;
}

function field(expression: string, name = 'x') {
  return { group: null, name, expression };
}

interface Matrix {
  readonly times: Float64Array;
  readonly instruments: readonly string[];
  /** `(instruments, days)`, gaps filled by the last value before. */
  readonly values: Float64Array;
}

function filledMatrix({ index, columns }: Panel, column: number): Matrix {
  const { times, offsets, instruments, codes } = index;
  const source = denseValues(columns[column]!);
  const values = new Float64Array(instruments.length * times.length).fill(Number.NaN);
  for (let t = 0; t < times.length; t++)
    for (let row = offsets[t]!; row < offsets[t + 1]!; row++)
      values[codes[row]! * times.length + t] = source[row]!;
  for (let at = 1; at < values.length; at++)
    if (Number.isNaN(values[at]!) && at % times.length !== 0) values[at] = values[at - 1]!;
  return { times, instruments, values };
}

function columnAt({ times, instruments, values }: Matrix, time: Time): Map<string, number> {
  const t = times.indexOf(time);
  return new Map(t < 0 ? [] : instruments.map((name, i) => [name, values[i * times.length + t]!]));
}

function returnsAfter({ times, instruments, values }: Matrix, time: Time): Map<string, number> {
  const t = times.indexOf(time);
  if (t < 0 || t === times.length - 1) return new Map();
  return new Map(
    instruments.map((name, i) => {
      const at = i * times.length + t;
      return [name, values[at + 1]! / values[at]! - 1];
    }),
  );
}

function memberWeights({ index, columns }: Panel, time: Time, weighted: boolean): Map<string, number> {
  const t = index.times.indexOf(time);
  const weights = new Map<string, number>();
  const values = denseValues(columns[0]!);
  if (t >= 0)
    for (let row = index.offsets[t]!; row < index.offsets[t + 1]!; row++) {
      const value = values[row]!;
      if (!Number.isNaN(value)) weights.set(index.instruments[index.codes[row]!]!, weighted ? value : 1);
    }
  return normalized(weights);
}

function normalized(values: ReadonlyMap<string, number>): Map<string, number> {
  let sum = 0;
  for (const value of values.values()) if (!Number.isNaN(value)) sum += value;
  return new Map([...values].map(([name, value]) => [name, value / sum]));
}

function groupsOf(
  matrix: Matrix,
  time: Time,
  benchmark: ReadonlyMap<string, number>,
  { group_method = 'category', group_n }: AttributionOptions,
): Groups {
  const values = columnAt(matrix, time);
  if (group_method === 'bins') {
    const those = [...benchmark.keys()].map((name) => values.get(name) ?? Number.NaN);
    return binGroups(those, values, group_n ?? 5);
  }
  return new Map([...values].filter(([, value]) => !Number.isNaN(value)));
}
