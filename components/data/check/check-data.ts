import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { dayMs, formatTime } from '../../core/dates.ts';
import { UserError } from '../../core/errors.ts';
import { BinFolder } from '../bins.ts';
import { calendarRange, readCalendar } from '../calendar.ts';
import { DataFolder } from '../folder.ts';
import { formatFrequency, parseFrequency } from '../frequency.ts';
import { readInstruments } from '../instruments.ts';
import { readPitField } from '../point-in-time/pit-field.ts';
import { PitFolder } from '../point-in-time/pit-folder.ts';
import type { InstrumentSpans } from '../provider.ts';
import { type CheckLimits, checkBins, defaultLimits } from './check-bins.ts';
import type { Finding } from './finding.ts';

export interface CheckOptions {
  readonly freq?: string;
  readonly limits?: CheckLimits;
  readonly onProgress?: (share: number) => void;
}

export interface CheckResult {
  readonly findings: readonly Finding[];
  readonly instruments: number;
  readonly days: number;
}

/** Everything that is wrong, or may be, with a data folder: calendar, markets, bins and their values. @throws UserError for what is no data folder */
export function checkData(path: string, options: CheckOptions = {}): CheckResult {
  const { freq = 'day', limits = defaultLimits, onProgress } = options;
  const folder = new DataFolder(path);
  const name = formatFrequency(parseFrequency(freq));
  const findings: Finding[] = readdirSync(path)
    .filter((entry) => /^\.import-\d+$/.test(entry))
    .map((entry) => ({ kind: 'interrupted import', level: 'error', where: entry, text: 'it was not ended' }));
  const file = folder.calendarFiles().get(name);
  if (!file)
    throw new UserError(`no calendar for freq "${freq}" in ${folder.part('calendars')}`, {
      hint: `it has ${[...folder.calendarFiles().keys()].join(', ') || 'none'}`,
    });
  const times = attempt('bad calendar', file, findings, () => readCalendar(file));
  if (!times) return { findings, instruments: 0, days: 0 };
  findings.push(...checkCalendar(times, basename(file), name), ...checkFuture(folder, name, times));

  const bins = new BinFolder(folder, name, times.length);
  const markets = new Map<string, InstrumentSpans>();
  for (const market of folder.markets()) {
    const marketFile = folder.marketFile(market);
    const spans = attempt('bad market file', marketFile, findings, () => readInstruments(marketFile));
    if (spans) markets.set(market, spans);
  }
  const instruments = folder.featureFolders().sort();
  const isThere = new Set<string>();
  for (const entry of readdirSync(folder.part('features'))) {
    const where = `features/${entry}`;
    if (!statSync(join(folder.part('features'), entry)).isDirectory())
      findings.push({ kind: 'stray file', level: 'error', where, text: 'is no folder' });
    else if (isThere.has(entry.toLowerCase()))
      findings.push({
        kind: 'folder twice',
        level: 'error',
        where,
        text: 'differs from another in case only',
      });
    isThere.add(entry.toLowerCase());
    if (entry !== entry.toLowerCase())
      findings.push({
        kind: 'upper case folder',
        level: 'warning',
        where,
        text: 'is not in lower case',
      });
  }
  const all = markets.get('all');
  if (all) {
    const known = new Set([...all.keys()].map((n) => n.toLowerCase()));
    for (const one of instruments)
      if (!known.has(one) && !known.has(one.replace(/^_qlib_/, '')))
        findings.push({ kind: 'in no market', level: 'warning', where: one, text: 'has data, but no line' });
  }
  instruments.forEach((instrument, i) => {
    findings.push(...checkBins(instrument.toUpperCase(), bins, times, limits));
    onProgress?.((i + 1) / instruments.length);
  });
  findings.push(...checkPit(folder));
  for (const [market, spans] of markets) findings.push(...checkSpans(market, spans, folder, bins, times));
  return { findings, instruments: instruments.length, days: times.length };
}

function attempt<T>(kind: string, file: string, findings: Finding[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    findings.push({ kind, level: 'error', where: basename(file), text: error.problem });
    return undefined;
  }
}

/** Point-in-time fields that cannot be read. */
function checkPit(folder: DataFolder): Finding[] {
  const pit = new PitFolder(folder);
  const findings: Finding[] = [];
  for (const instrument of folder.financialFolders())
    for (const field of pit.fields(instrument)) {
      const files = pit.find(instrument, field);
      if (files)
        attempt('broken bin', `${instrument}/${field}`, findings, () =>
          readPitField(files, `${instrument} $$${field}`, field.endsWith('_q')),
        );
    }
  return findings;
}

function checkCalendar(times: Float64Array, where: string, freq: string): Finding[] {
  const findings: Finding[] = [];
  const longest = /week/.test(freq) ? 21 : /month/.test(freq) ? 62 : 10;
  for (let i = 1; i < times.length; i++) {
    const days = Math.round((times[i]! - times[i - 1]!) / dayMs);
    if (days > longest)
      findings.push({
        kind: 'calendar gap',
        level: 'warning',
        where,
        text: `${days} days between ${formatTime(times[i - 1]!)} and ${formatTime(times[i]!)}`,
      });
  }
  const weekend = times.filter((t) => [0, 6].includes(new Date(t).getUTCDay()));
  if (weekend.length > 0 && !/week|month/.test(freq))
    findings.push({
      kind: 'weekend day',
      level: 'warning',
      where,
      text: `${weekend.length}, the first ${formatTime(weekend[0]!)}`,
    });
  return findings;
}

function checkFuture(folder: DataFolder, freq: string, times: Float64Array): Finding[] {
  const file = folder.calendarFiles().get(`${freq}_future`);
  if (!file) return [];
  const kind = 'bad future calendar';
  const findings: Finding[] = [];
  const future = attempt(kind, file, findings, () => readCalendar(file));
  if (!future) return findings;
  const odd = times.findIndex((time, i) => future[i] !== time);
  if (odd >= 0)
    findings.push({
      kind,
      level: 'error',
      where: basename(file),
      text: `it lacks ${formatTime(times[odd]!)} or has a day before it`,
    });
  return findings;
}

function checkSpans(
  market: string,
  spans: InstrumentSpans,
  folder: DataFolder,
  bins: BinFolder,
  times: Float64Array,
): Finding[] {
  const findings: Finding[] = [];
  for (const [instrument, list] of spans) {
    const where = `${market}: ${instrument}`;
    if (folder.featureFolder(instrument) === undefined) {
      findings.push({ kind: 'no data', level: 'warning', where, text: 'has no folder of values' });
      continue;
    }
    const sorted = [...list].sort((a, b) => a.start - b.start);
    const overlap = sorted.find((span, i) => i > 0 && span.start <= sorted[i - 1]!.end);
    if (overlap)
      findings.push({
        kind: 'overlapping spans',
        level: 'warning',
        where,
        text: `from ${formatTime(overlap.start)} on`,
      });
    const days = daysOf(instrument, bins);
    if (!days) continue;
    const { from, to } = calendarRange(times, sorted[0]!.start, sorted.at(-1)!.end);
    if (from < to && (from < days.from || to > days.to))
      findings.push({
        kind: 'span without data',
        level: 'warning',
        where,
        text: `the span ${formatTime(times[from]!)} to ${formatTime(times[to - 1]!)}, values ${formatTime(times[days.from]!)} to ${formatTime(times[days.to - 1]!)}`,
      });
  }
  return findings;
}

function daysOf(instrument: string, bins: BinFolder): { from: number; to: number } | undefined {
  try {
    const bin =
      bins.find(instrument, 'close') ?? bins.find(instrument, bins.fields(instrument)[0] ?? 'close');
    return bin && bin.length > 0 ? { from: bin.start, to: bin.start + bin.length } : undefined;
  } catch (error) {
    // told already
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
