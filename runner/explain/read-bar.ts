import { formatTime, lowerBound, type Time } from '../../components/core/dates.ts';
import { UserError } from '../../components/core/errors.ts';
import { unknownName } from '../../components/core/nearest.ts';
import { denseValues } from '../../components/core/panel.ts';
import type { DataProvider } from '../../components/data/provider.ts';
import type { BarField } from './explanation.ts';

const prices: ReadonlySet<string> = new Set(['open', 'close', 'high', 'low', 'vwap']);

/** All fields of an instrument on a day; empty where it has no row: not listed then, or not traded. */
export async function readBar(data: DataProvider, instrument: string, time: Time): Promise<BarField[]> {
  const names = await data.fields(instrument);
  const panel = await data.features({
    instruments: [instrument],
    fields: names.map((name) => ({ group: null, name, expression: `$${name}` })),
    start: time,
    end: time,
  });
  if (panel.length === 0) return [];
  const values = new Map(panel.columns.map((c) => [c.name, denseValues(c)[0]!]));
  const factor = values.get('factor') ?? Number.NaN;
  return names.map((field) => {
    const value = values.get(field)!;
    const raw = prices.has(field) ? value / factor : field === 'volume' ? value * factor : undefined;
    return { field, value, raw: raw === undefined || Number.isNaN(raw) ? undefined : raw };
  });
}

/** @throws UserError where no data file is of that instrument, or the day is no trading day */
export async function checkPlace(
  data: DataProvider,
  known: readonly string[],
  instrument: string,
  time: Time,
): Promise<void> {
  if (!known.includes(instrument)) {
    const listed = await data.instruments('all').catch(() => new Map<string, unknown>());
    if (!listed.has(instrument))
      throw unknownName('instrument', instrument, [...new Set([...known, ...listed.keys()])], [], 10);
  }
  const days = await data.calendar();
  const at = lowerBound(days, time);
  if (days[at] === time) return;
  const near = [days[at - 1], days[at]].filter((day) => day !== undefined).map(formatTime);
  throw new UserError(`${formatTime(time)} is no trading day`, {
    hint: `the nearest ones are ${near.join(' and ')}`,
  });
}
