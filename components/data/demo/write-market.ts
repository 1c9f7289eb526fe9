import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { formatTime } from '../../core/dates.ts';
import { UserError } from '../../core/errors.ts';
import { makeFolder } from '../../core/make-folder.ts';
import { type Bars, fieldNames, makeBars } from './bars.ts';
import { commonFactors } from './factors.ts';
import { IndexBuilder, indexName } from './index-path.ts';
import { type Candidate, largestByYear, type Membership } from './largest.ts';
import { type DemoMarketOptions, demoMarketVersion, lastYear, normalizeDemoOptions } from './options.ts';
import { simulatePath } from './path.ts';
import { drawProfile } from './profile.ts';
import { tradingDays } from './trading-days.ts';

/** Stands in the folder as `demo.json` and says what it was made from. */
export interface DemoMarketNote {
  readonly version: number;
  readonly instruments: number;
  readonly years: number;
  readonly seed: number;
}

/** What the folder was made from; undefined where it is no demo market. */
export function readDemoNote(folder: string): DemoMarketNote | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'demo.json'), 'utf8')) as DemoMarketNote;
  } catch {
    return undefined;
  }
}

/** Is `folder` already what `writeDemoMarket` would write? */
export function isDemoMarket(folder: string, options: DemoMarketOptions = {}): boolean {
  const note = readDemoNote(folder);
  const { instruments, years, seed } = normalizeDemoOptions(options);
  return (
    note?.version === demoMarketVersion &&
    note.instruments === instruments &&
    note.years === years &&
    note.seed === seed
  );
}

/** qlib's file of a field: the index of the first day in the calendar, then a value a day, all little-endian float32. */
function writeField(file: string, firstDay: number, values: Float64Array): void {
  const view = new DataView(new ArrayBuffer(4 * (values.length + 1)));
  view.setFloat32(0, firstDay, true);
  for (let k = 0; k < values.length; k++) view.setFloat32(4 * (k + 1), values[k]!, true);
  writeFileSync(file, view);
}

function writeFeatures(folder: string, name: string, firstDay: number, bars: Bars): void {
  const own = join(folder, 'features', name.toLowerCase());
  makeFolder(own);
  for (const field of fieldNames) writeField(join(own, `${field}.day.bin`), firstDay, bars[field]);
}

/**
 * Writes a made-up market in qlib's binary layout: `calendars/{day,day_future}.txt`, `instruments/{all,demo50,index}.txt`,
 * `features/<name>/<field>.day.bin`. The same options give the same bytes on every machine. One instrument is in memory at a time.
 * A folder that is there is replaced when it is a demo market, at once and only when the new one is complete.
 * @throws UserError for options out of range, or when `folder` holds something else.
 */
export function writeDemoMarket(
  folder: string,
  options: DemoMarketOptions & { readonly onProgress?: (share: number) => void } = {},
): DemoMarketNote {
  const market = normalizeDemoOptions(options);
  const target = resolve(folder);
  if (existsSync(target) && !readDemoNote(target))
    throw new UserError(`${folder} is there and holds no demo market`, {
      hint: 'name a new folder; only a demo market is replaced',
    });
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.new`);
  const old = join(dirname(target), `.${basename(target)}.${process.pid}.old`);
  try {
    for (const part of ['calendars', 'instruments', 'features']) makeFolder(join(temporary, part));
    writeContents(temporary, market, options.onProgress);
    const note: DemoMarketNote = { version: demoMarketVersion, ...market };
    writeFileSync(join(temporary, 'demo.json'), `${JSON.stringify(note)}\n`);
    if (existsSync(target)) renameSync(target, old);
    renameSync(temporary, target);
    return note;
  } finally {
    for (const leftover of [temporary, old]) rmSync(leftover, { recursive: true, force: true });
  }
}

function writeContents(
  folder: string,
  market: Required<DemoMarketOptions>,
  onProgress?: (share: number) => void,
): void {
  const times = tradingDays(lastYear - market.years + 1, lastYear);
  const dates = Array.from(times, formatTime);
  const yearStarts = dates.flatMap((date, day) =>
    date.slice(0, 4) !== dates[day - 1]?.slice(0, 4) ? [day] : [],
  );
  const factors = commonFactors(market.seed, dates.length);
  const index = new IndexBuilder(dates.length);
  const candidates: Candidate[] = [];
  for (let k = 0; k < market.instruments; k++) {
    const profile = drawProfile(market, k, dates.length);
    const path = simulatePath(profile, factors);
    const bars = makeBars(profile, path);
    const { name, firstDay, lastDay } = profile;
    const capitalAtListing = profile.shares * profile.firstPrice;
    index.add(firstDay, bars, capitalAtListing);
    const capital = yearStarts.map((day) => (path.value[day - firstDay] ?? 0) * capitalAtListing);
    candidates.push({ name, firstDay, lastDay, capital });
    writeFeatures(folder, name, firstDay, bars);
    onProgress?.((k + 1) / market.instruments);
  }
  const indexBars = index.bars(market.seed);
  writeFeatures(folder, indexName, 0, indexBars);
  const nextYear = Array.from(tradingDays(lastYear + 1, lastYear + 1), formatTime);
  writeFileSync(join(folder, 'calendars', 'day.txt'), `${dates.join('\n')}\n`);
  writeFileSync(join(folder, 'calendars', 'day_future.txt'), `${[...dates, ...nextYear].join('\n')}\n`);
  const byName = candidates.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const writeMembers = (file: string, members: readonly Membership[]) =>
    writeFileSync(
      join(folder, 'instruments', file),
      members.map((m) => `${m.name}\t${dates[m.firstDay]}\t${dates[m.lastDay]}\n`).join(''),
    );
  writeMembers('all.txt', byName);
  writeMembers('demo50.txt', largestByYear(candidates, yearStarts, dates.length, 50));
  writeMembers('index.txt', [{ name: indexName, firstDay: 0, lastDay: dates.length - 1 }]);
}
