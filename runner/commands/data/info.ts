import { statSync } from 'node:fs';
import { formatTime } from '../../../components/core/dates.ts';
import { BinFolder } from '../../../components/data/bins.ts';
import { readCalendar } from '../../../components/data/calendar.ts';
import { DataFolder } from '../../../components/data/folder.ts';
import { readInstruments } from '../../../components/data/instruments.ts';
import { PitFolder } from '../../../components/data/point-in-time/pit-folder.ts';
import { reportError } from '../../report-error.ts';

export interface DataInfoArguments {
  readonly folder: string;
  readonly json?: boolean;
}

interface Info {
  readonly folder: string;
  readonly frequencies: readonly {
    readonly freq: string;
    readonly times: number;
    readonly first: string;
    readonly last: string;
    readonly instruments: number;
    readonly bytes: number;
    /** Number of instruments by field. */
    readonly fields: Readonly<Record<string, number>>;
  }[];
  readonly markets: readonly {
    readonly name: string;
    readonly instruments: number;
    readonly spans: number;
    readonly first: string;
    readonly last: string;
  }[];
  /** Number of instruments by point-in-time field. */
  readonly pointInTime: Readonly<Record<string, number>>;
}

/** `qrun data info FOLDER`: what a data folder holds; returns the exit code. */
export function dataInfoCommand({ folder, json = false }: DataInfoArguments): number {
  try {
    const info = infoOf(folder);
    process.stdout.write(`${json ? JSON.stringify(info, null, 2) : textOf(info)}\n`);
    return 0;
  } catch (error) {
    return reportError(error, false);
  }
}

function infoOf(path: string): Info {
  const folder = new DataFolder(path);
  const frequencies = [...folder.calendarFiles()]
    .filter(([name]) => !name.endsWith('_future'))
    .map(([freq, file]) => {
      const times = readCalendar(file);
      const bins = new BinFolder(folder, freq, times.length);
      const fields: Record<string, number> = {};
      let instruments = 0;
      let bytes = 0;
      for (const instrument of folder.featureFolders()) {
        const names = bins.fields(instrument);
        if (names.length > 0) instruments++;
        for (const name of names) {
          fields[name] = (fields[name] ?? 0) + 1;
          const own = folder.featureFolder(instrument);
          bytes += statSync(`${own}/${name}.${freq}.bin`, { throwIfNoEntry: false })?.size ?? 0;
        }
      }
      const [first, last] = [formatTime(times[0]!), formatTime(times.at(-1)!)];
      return { freq, times: times.length, first, last, instruments, bytes, fields };
    });
  const markets = folder.markets().map((name) => {
    const spans = [...readInstruments(folder.marketFile(name)).values()];
    const flat = spans.flat();
    return {
      name,
      instruments: spans.length,
      spans: flat.length,
      first: formatTime(Math.min(...flat.map((s) => s.start))),
      last: formatTime(Math.max(...flat.map((s) => s.end))),
    };
  });
  const pit = new PitFolder(folder);
  const pointInTime: Record<string, number> = {};
  for (const instrument of folder.financialFolders())
    for (const field of pit.fields(instrument)) pointInTime[field] = (pointInTime[field] ?? 0) + 1;
  return { folder: path, frequencies, markets, pointInTime };
}

function textOf({ folder, frequencies, markets, pointInTime }: Info): string {
  return [
    folder,
    ...frequencies.flatMap((f) => [
      `${f.freq}: ${f.times} times, ${f.first} to ${f.last}; ${f.instruments} instruments, ${(f.bytes / 1e6).toFixed(1)} MB`,
      `  fields: ${Object.entries(f.fields)
        .map(([name, count]) => (count === f.instruments ? name : `${name} (${count})`))
        .join(', ')}`,
    ]),
    ...(Object.keys(pointInTime).length > 0
      ? [
          `point in time: ${Object.entries(pointInTime)
            .map(([name, count]) => `$$${name} (${count})`)
            .join(', ')}`,
        ]
      : []),
    ...markets.map(
      (m) =>
        `market ${m.name}: ${m.instruments} instruments${m.spans > m.instruments ? ` in ${m.spans} spans` : ''}, ${m.first} to ${m.last}`,
    ),
  ].join('\n');
}
