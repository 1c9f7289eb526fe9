import { lowerBound, parseTime, upperBound } from '../core/dates.ts';
import { BinFolder } from './bins.ts';
import { readCalendar } from './calendar.ts';
import { type BinPrint, type Fingerprint, type FrequencyPrint, fingerprintOf } from './fingerprint.ts';
import { pitFrequency } from './fingerprint-pit.ts';
import { DataFolder } from './folder.ts';
import { readInstruments } from './instruments.ts';
import { PitFolder } from './point-in-time/pit-folder.ts';
import type { BinRead, DataReads } from './provider.ts';

/** The same data as it is now, and what has been added to it. */
export interface DataNow {
  /** Over the days that the older fingerprint covers: days added later do not count. */
  readonly fingerprint: Fingerprint;
  /** Bins that now begin earlier or end later than they did, as the reader meets them. */
  readonly longer: readonly { readonly field: string; readonly instrument: string; readonly end: string }[];
}

/**
 * Looks at the files behind a fingerprint again, in their old folders or in `folder`. Files that are gone are left out.
 * @throws UserError where there is no data folder any more.
 */
export async function readAgain(old: Fingerprint, folder?: string): Promise<DataNow> {
  const longer: { field: string; instrument: string; end: string }[] = [];
  const days = old.frequencies.filter(({ freq }) => freq !== pitFrequency);
  const prints = new Map<string, FrequencyPrint>(old.frequencies.map((f) => [f.freq, f]));
  const reads: DataReads = {
    frequencies: days.map((print) => {
      const data = new DataFolder(folder ?? print.folder);
      const calendar = data.calendarFiles().get(print.freq);
      const times = calendar ? readCalendar(calendar) : new Float64Array(0);
      const bins = new BinFolder(data, print.freq, times.length);
      for (const [field, { instruments }] of Object.entries(print.fields))
        for (const name of Object.keys(instruments)) bins.find(name, field);
      return { freq: print.freq, folder: data.path, times, bins: bins.found() };
    }),
    markets: old.markets.flatMap(({ name }) => {
      const data = new DataFolder(folder ?? old.frequencies[0]?.folder ?? '');
      if (!data.markets().includes(name.toLowerCase())) return [];
      const file = data.marketFile(name);
      return [{ file, spans: readInstruments(file) }];
    }),
    ...pitReads(old, folder),
  };
  const fingerprint = await fingerprintOf(reads, {
    lastDateOf: ({ instrument, field }) =>
      prints.get(pitFrequency)?.fields[`$$${field}`]?.instruments[instrument]?.end ?? null,
    windowOf: (bin, { freq, times }) => {
      const print = prints.get(freq)?.fields[bin.field]?.instruments[bin.instrument];
      if (!print) return { from: 0, to: times.length };
      const window = windowOf(print, times);
      if (isLonger(bin, window))
        longer.push({ field: bin.field, instrument: bin.instrument, end: dayOf(times, bin) });
      return window;
    },
  });
  return { fingerprint, longer };
}

/** The point-in-time fields of an older fingerprint. */
function pitReads({ frequencies }: Fingerprint, folder?: string): Pick<DataReads, 'pointInTime'> {
  const print = frequencies.find(({ freq }) => freq === pitFrequency);
  if (!print) return {};
  const pit = new PitFolder(new DataFolder(folder ?? print.folder));
  for (const [field, { instruments }] of Object.entries(print.fields))
    for (const name of Object.keys(instruments)) pit.find(name, field.slice(2));
  return { pointInTime: { folder: pit.folder.path, fields: pit.found() } };
}

function windowOf({ start, end }: BinPrint, times: Float64Array): { from: number; to: number } {
  return { from: lowerBound(times, parseTime(start)!), to: upperBound(times, parseTime(end)!) };
}

const isLonger = ({ start, length }: BinRead, window: { from: number; to: number }) =>
  start < window.from || start + length > window.to;

const dayOf = (times: Float64Array, { start, length }: BinRead) =>
  new Date(times[start + length - 1]!).toISOString().slice(0, 10);
