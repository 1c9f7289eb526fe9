import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatTime, lowerBound } from '../../core/dates.ts';
import { UserError } from '../../core/errors.ts';
import { DataFolder } from '../folder.ts';
import type { DataProvider, InstrumentSpans, Span } from '../provider.ts';

/** Instruments of a list, with their spans in `all`. @throws UserError for those that `all` does not have */
export function marketOfList(names: readonly string[], all: InstrumentSpans): InstrumentSpans {
  const known = new Map([...all.keys()].map((name) => [name.toUpperCase(), name]));
  const unknown = names.filter((name) => !known.has(name.toUpperCase()));
  if (unknown.length > 0)
    throw new UserError(
      `unknown instruments: ${unknown.slice(0, 10).join(', ')}${unknown.length > 10 ? ` and ${unknown.length - 10} more` : ''}`,
      {
        hint: `all.txt has ${known.size} instruments, such as ${[...all.keys()].slice(0, 5).join(', ')}`,
      },
    );
  return new Map(
    names.map((name) => [known.get(name.toUpperCase())!, all.get(known.get(name.toUpperCase())!)!]),
  );
}

/** Instruments on the days on which a condition holds: one span for each run of days. It is looked at once a day, at that day's close. */
export async function marketOfRule(data: DataProvider, rule: string): Promise<InstrumentSpans> {
  const panel = await data.features({
    instruments: 'all',
    fields: [{ group: null, name: 'rule', expression: rule }],
    start: null,
    end: null,
  });
  const calendar = await data.calendar();
  const { index } = panel;
  const values = panel.columns[0]!.values;
  const found = new Map<string, { start: number; end: number; day: number }[]>();
  for (let t = 0; t < index.times.length; t++) {
    const time = index.times[t]!;
    const day = lowerBound(calendar, time);
    for (let row = index.offsets[t]!; row < index.offsets[t + 1]!; row++) {
      if (!(values[row]! !== 0) || Number.isNaN(values[row]!)) continue;
      const name = index.instruments[index.codes[row]!]!;
      const spans = found.get(name) ?? [];
      found.set(name, spans);
      const last = spans.at(-1);
      if (last?.day === day - 1) [last.end, last.day] = [time, day];
      else spans.push({ start: time, end: time, day });
    }
  }
  return new Map(
    [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, spans]): [string, Span[]] => [name, spans]),
  );
}

/** Writes a market file, whole or not at all. @throws UserError for a name that cannot be one, or an empty market */
export function writeMarket(folder: string, name: string, spans: InstrumentSpans, overwrite: boolean): void {
  if (!/^[a-z0-9_.-]{1,60}$/i.test(name) || /^all$/i.test(name) || name.startsWith('.'))
    throw new UserError(`"${name}" cannot name a market`, {
      hint: 'allowed: letters, digits, _ . and -; all is the market of all instruments',
    });
  if (spans.size === 0) throw new UserError('no instrument is in this market: nothing is written');
  const file = join(new DataFolder(folder).part('instruments'), `${name.toLowerCase()}.txt`);
  if (existsSync(file) && !overwrite)
    throw new UserError(`${file} is there already`, { hint: '--overwrite replaces it' });
  const lines = [...spans].flatMap(([instrument, list]) =>
    list.map(({ start, end }) => `${instrument}\t${formatTime(start)}\t${formatTime(end)}\n`),
  );
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, lines.join(''));
  renameSync(temporary, file);
}
