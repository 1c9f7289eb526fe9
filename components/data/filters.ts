import { parseTime, type Time } from '../core/dates.ts';
import { type KeyPath, UserError } from '../core/errors.ts';
import { calendarRange } from './calendar.ts';
import { type FilterConfig, readFilter } from './filter-config.ts';
import type { DataProvider, InstrumentSpans, Span } from './provider.ts';

interface FilterContext {
  readonly start: Time;
  readonly end: Time;
  readonly freq: string;
}

/**
 * qlib's dynamic filters (qlib/data/filter.py), one after the other: each leaves an instrument the days on which its rule holds, within
 * the days from `filter_start_time` to `filter_end_time`; other days stay as they are. Spans come back moved to calendar days.
 * A rule that is a number counts NaN as true, a comparison with NaN is false; `keep` keeps instruments for which the rule has no row.
 * @throws UserError with a path below `filter_pipe`
 */
export async function applyFilters(
  data: DataProvider,
  pipe: readonly unknown[],
  spans: InstrumentSpans,
  context: FilterContext,
): Promise<InstrumentSpans> {
  let kept = spans;
  for (const [i, filter] of pipe.entries())
    kept = await applyFilter(data, filter, kept, context, ['filter_pipe', i]);
  return kept;
}

async function applyFilter(
  data: DataProvider,
  filter: unknown,
  spans: InstrumentSpans,
  context: FilterContext,
  path: KeyPath,
): Promise<InstrumentSpans> {
  const config = readFilter(filter, path);
  const times = await data.calendar({ start: context.start, end: context.end, freq: context.freq });
  if (times.length === 0 || spans.size === 0) return new Map();
  const first = Math.max(times[0]!, timeOf(config, 'filter_start_time', path) ?? times[0]!);
  const last = Math.min(times.at(-1)!, timeOf(config, 'filter_end_time', path) ?? times.at(-1)!);
  const ruled = calendarRange(times, first, last);
  if (ruled.from === ruled.to)
    throw new UserError(
      'no calendar day lies between filter_start_time and filter_end_time within the days asked for',
      { path: [...path, 'filter_start_time'] },
    );
  const rule =
    config.type === 'NameDFilter'
      ? nameRule(config.pattern)
      : await expressionRule(data, config, spans, times.subarray(ruled.from, ruled.to), context.freq, path);
  const found = new Map<string, readonly Span[]>();
  for (const [name, own] of spans) {
    const member = new Uint8Array(times.length);
    for (const { start, end } of own) {
      const { from, to } = calendarRange(times, start, end);
      member.fill(1, from, to);
    }
    const holds = rule(name);
    for (let t = ruled.from; t < ruled.to; t++) if (!holds(t - ruled.from)) member[t] = 0;
    const left = spansOf(member, times);
    if (left.length > 0) found.set(name, left);
  }
  return found;
}

/** Whether the rule holds for an instrument on the days of the filter, by index. */
type Rule = (instrument: string) => (day: number) => boolean;

function nameRule(pattern: RegExp): Rule {
  return (name) => {
    const matches = pattern.test(name);
    return () => matches;
  };
}

async function expressionRule(
  data: DataProvider,
  config: FilterConfig & { readonly type: 'ExpressionDFilter' },
  spans: InstrumentSpans,
  times: Float64Array,
  freq: string,
  path: KeyPath,
): Promise<Rule> {
  const keep = config['keep'] === true;
  const { expression } = config;
  const request = {
    instruments: spans,
    fields: [{ group: null, name: 'rule', expression }],
    start: times[0]!,
    end: times.at(-1)!,
    freq,
  };
  const panel = await data.features(request).catch((error: unknown) => {
    throw error instanceof UserError ? error.within([...path, 'rule_expression']) : error;
  });
  const { index, columns } = panel;
  const values = columns[0]!.values;
  // what pandas' astype(bool) makes of the column: NaN is true
  const byInstrument = new Map<string, Uint8Array>();
  index.times.forEach((time, t) => {
    const { from: day } = calendarRange(times, time, time);
    for (let row = index.offsets[t]!; row < index.offsets[t + 1]!; row++) {
      const name = index.instruments[index.codes[row]!]!;
      let days = byInstrument.get(name);
      if (!days) byInstrument.set(name, (days = new Uint8Array(times.length)));
      days[day] = values[row] === 0 ? 0 : 1;
    }
  });
  return (name) => {
    const days = byInstrument.get(name);
    return days ? (day) => days[day] === 1 : () => keep;
  };
}

function timeOf(config: Readonly<Record<string, unknown>>, key: string, path: KeyPath): Time | null {
  const value = config[key];
  if (value === null || value === undefined || value === '') return null;
  const time =
    value instanceof Date ? value.getTime() : typeof value === 'string' ? parseTime(value) : undefined;
  if (time === undefined)
    throw new UserError(`${key} is no date: ${JSON.stringify(value)}`, {
      hint: 'such as 2020-01-31',
      path: [...path, key],
    });
  return time;
}

function spansOf(member: Uint8Array, times: Float64Array): Span[] {
  const spans: Span[] = [];
  for (let t = 0; t < member.length; t++) {
    if (!member[t]) continue;
    const from = t;
    while (t + 1 < member.length && member[t + 1]) t++;
    spans.push({ start: times[from]!, end: times[t]! });
  }
  return spans;
}
