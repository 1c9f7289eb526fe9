import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { dayMs, formatTime, type Time, upperBound } from '../../components/core/dates.ts';
import { makeFolder } from '../../components/core/make-folder.ts';
import { readCalendar } from '../../components/data/calendar.ts';
import { DataFolder } from '../../components/data/folder.ts';
import { readInstruments } from '../../components/data/instruments.ts';
import { cutPitFolder } from '../../components/data/point-in-time/cut-pit.ts';

/**
 * Copies a data folder as it was at the end of the day `until`: shorter calendars and bins, no spans that begin later, nothing published later. Calendars
 * of future days stay. `within`: a time of that day after which data of several rows a day is NaN: its rows stay, as do data of days.
 */
export function cutFolder(source: string, target: string, until: Time, within: Time | null = null): void {
  const folder = new DataFolder(source);
  const end = until + dayMs - 1;
  for (const part of ['calendars', 'instruments', 'features']) makeFolder(join(target, part));
  const kept = new Map<string, number>();
  const known = new Map<string, number>();
  for (const [freq, file] of folder.calendarFiles()) {
    if (freq.endsWith('_future')) {
      copyFileSync(file, join(target, 'calendars', `${freq}.txt`));
      continue;
    }
    const times = readCalendar(file);
    const count = upperBound(times, end);
    const hasTimes = times.some((time) => time % dayMs !== 0);
    known.set(freq, within !== null && hasTimes ? upperBound(times, within) : count);
    kept.set(freq, count);
    writeFileSync(
      join(target, 'calendars', `${freq}.txt`),
      `${Array.from(times.subarray(0, count), formatTime).join('\n')}\n`,
    );
  }
  for (const market of folder.markets()) {
    const lines = [...readInstruments(folder.marketFile(market))].flatMap(([name, spans]) =>
      spans
        .filter((span) => span.start <= end)
        .map((span) => `${name}\t${formatTime(span.start)}\t${formatTime(span.end)}\n`),
    );
    writeFileSync(join(target, 'instruments', `${market}.txt`), lines.join(''));
  }
  cutPitFolder(folder, target, Number(formatTime(until).slice(0, 10).replaceAll('-', '')));
  const features = folder.part('features');
  for (const name of readdirSync(features)) {
    if (!statSync(join(features, name)).isDirectory()) continue;
    mkdirSync(join(target, 'features', name));
    for (const file of readdirSync(join(features, name))) {
      const freq = /\.([^.]+)\.bin$/.exec(file)?.[1] ?? '';
      const count = kept.get(freq);
      if (count !== undefined)
        cutBin(join(features, name, file), join(target, 'features', name, file), count, known.get(freq)!);
    }
  }
}

/** Copies the values of calendar rows before `count`, NaN from `known` on; nothing where there is none. */
function cutBin(source: string, target: string, count: number, known: number): void {
  const opened = openSync(source, 'r');
  try {
    const head = new Float32Array(1);
    if (readSync(opened, head, 0, 4, 0) < 4) return;
    const length = Math.min(count - head[0]!, statSync(source).size / 4 - 1);
    if (!(length > 0)) return;
    const bytes = readFileSync(source);
    const from = Math.max(0, known - head[0]!);
    for (let i = from; i < length; i++) bytes.writeFloatLE(Number.NaN, 4 * (i + 1));
    writeFileSync(target, bytes.subarray(0, 4 * (length + 1)));
  } finally {
    closeSync(opened);
  }
}
