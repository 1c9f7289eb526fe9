import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dayMs, formatTime, type Time } from '../../core/dates.ts';
import { UserError, UserErrors } from '../../core/errors.ts';
import type { WorkerPool } from '../../core/workers.ts';
import { readCalendar } from '../calendar.ts';
import { formatFrequency, parseFrequency } from '../frequency.ts';
import { readInstruments } from '../instruments.ts';
import type { Span } from '../provider.ts';
import { unionOfTimes } from './calendar-union.ts';
import { instrumentFolder } from './instrument-name.ts';
import type { ReadOptions } from './options.ts';
import type { StagedPart } from './part-file.ts';
import { sourceFiles } from './source-files.ts';
import type { StageJob, StageResult } from './stage-task.ts';
import { ImportTarget } from './target.ts';
import type { InstrumentJob, WriteJob, WrittenInstrument } from './write-task.ts';

export interface ImportOptions extends Omit<ReadOptions, 'isDaily'> {
  readonly source: string;
  readonly folder: string;
  readonly freq: string;
  /** Adds later days and new instruments to a folder. */
  readonly update: boolean;
  /** Replaces a data folder. */
  readonly overwrite: boolean;
  readonly pool: WorkerPool;
  readonly warn: (text: string) => void;
  readonly onProgress?: ((share: number) => void) | undefined;
}

export interface ImportSummary {
  readonly files: number;
  readonly instruments: number;
  readonly times: number;
  readonly newTimes: number;
  readonly first: Time;
  readonly last: Time;
  readonly fields: readonly string[];
  readonly values: number;
}

/**
 * Makes or updates a data folder in qlib's binary layout from CSV or Parquet files: bins, calendar, `instruments/all.txt`. Files are read by
 * the pool's threads, one each, and kept sorted and adjusted in a staging folder until the calendar is known. Nothing is seen of an import before it is complete.
 * @throws UserErrors with file, line and column of everything that is wrong with the sources
 */
export async function importData(options: ImportOptions): Promise<ImportSummary> {
  const frequency = parseFrequency(options.freq);
  const freq = formatFrequency(frequency);
  const files = sourceFiles(options.source);
  const target = ImportTarget.open(options.folder, options);
  const stop = () => {
    target.discard();
    process.exit(130);
  };
  process.once('SIGINT', stop);
  try {
    return await makeImport(options, files, target, freq, frequency.base !== 'min');
  } finally {
    process.removeListener('SIGINT', stop);
    target.discard();
  }
}

async function makeImport(
  options: ImportOptions,
  files: readonly string[],
  target: ImportTarget,
  freq: string,
  isDaily: boolean,
): Promise<ImportSummary> {
  const { pool, warn, onProgress } = options;
  const calendarFile = join(target.folder, 'calendars', `${freq}.txt`);
  const before = target.isUpdate && existsSync(calendarFile) ? readCalendar(calendarFile) : null;
  const staged = await stageAll(options, files, target, isDaily, (share) => onProgress?.(0.7 * share));
  const calendar = staged.times;
  const merged = before ? grownCalendar(before, calendar) : calendar;

  const byInstrument = new Map<string, StagedPart[]>();
  for (const part of staged.parts) {
    const list = byInstrument.get(part.instrument);
    if (list) list.push(part);
    else byInstrument.set(part.instrument, [part]);
  }
  const jobs = [...byInstrument].map(
    ([instrument, parts]): InstrumentJob => ({ instrument, parts, folderName: instrumentFolder(instrument) }),
  );
  const shared = new Float64Array(new SharedArrayBuffer(8 * merged.length));
  shared.set(merged);
  const features = join(target.work, 'features');
  mkdirSync(features);
  const size = Math.max(1, Math.min(32, Math.ceil(jobs.length / (4 * pool.size))));
  const shares = Array.from(
    { length: Math.ceil(jobs.length / size) },
    (_, k): WriteJob => ({
      instruments: jobs.slice(k * size, (k + 1) * size),
      calendar: shared,
      freq,
      features,
      old: target.isUpdate ? join(target.folder, 'features') : null,
      duplicates: options.duplicates,
    }),
  );
  let done = 0;
  const written = (
    await Promise.all(
      shares.map(async (share) => {
        const result = await pool.run<WrittenInstrument[]>('import-write', share);
        onProgress?.(0.7 + (0.3 * ++done) / shares.length);
        return result;
      }),
    )
  ).flat();
  throwProblems(written.map((w) => w.problem));
  const warnings = written.flatMap((w) => w.warnings);
  for (const text of warnings.slice(0, 10)) warn(text);
  if (warnings.length > 10) warn(`${warnings.length - 10} more values differ`);
  if (warnings.length > 0)
    warn('prices that were adjusted afresh need an import of the whole history: --overwrite');

  mkdirSync(join(target.work, 'calendars'));
  mkdirSync(join(target.work, 'instruments'));
  const show = (time: Time) => (isDaily ? formatTime(time) : timeWithSeconds(time));
  writeFileSync(join(target.work, 'calendars', `${freq}.txt`), `${Array.from(merged, show).join('\n')}\n`);
  writeFileSync(join(target.work, 'instruments', 'all.txt'), membersText(target, written, show));
  // a calendar may be longer than its bins, never the other way; members come last, so that readers see whole instruments
  target.commit([
    `calendars/${freq}.txt`,
    ...written.flatMap((w) => w.files.map((file) => `features/${file}`)),
    'instruments/all.txt',
  ]);
  return {
    files: files.length,
    instruments: written.length,
    times: merged.length,
    newTimes: merged.length - (before?.length ?? 0),
    first: merged[0]!,
    last: merged.at(-1)!,
    fields: [...new Set(staged.parts.flatMap((part) => part.fields))],
    values: written.reduce((sum, w) => sum + w.values, 0),
  };
}

async function stageAll(
  options: ImportOptions,
  files: readonly string[],
  { staging }: ImportTarget,
  isDaily: boolean,
  onProgress: (share: number) => void,
): Promise<{ parts: StagedPart[]; times: Float64Array }> {
  const { fields, excluded, dateField, symbolField, renamed, factor, delimiter, duplicates } = options;
  const read: ReadOptions = {
    ...{ fields, excluded, dateField, symbolField, renamed, factor, delimiter, duplicates, isDaily },
  };
  let times = new Float64Array(0) as Float64Array;
  let done = 0;
  const results = await Promise.all(
    files.map(async (file, i) => {
      const job: StageJob = { file, prefix: String(i), folder: staging, options: read };
      const result = await options.pool.run<StageResult>('import-stage', job);
      times = unionOfTimes(times, result.times);
      if (!result.problem && result.parts.length === 0) options.warn(`${file} has a header but no rows`);
      onProgress(++done / files.length);
      return { parts: result.parts, problem: result.problem };
    }),
  );
  throwProblems(results.map((r) => r.problem));
  const parts = results.flatMap((r) => r.parts);
  if (parts.length === 0) throw new UserError(`${options.source} has no rows to import`);
  return { parts, times };
}

const shownProblems = 20;

function throwProblems(found: readonly (StageResult['problem'] | undefined)[]): void {
  const problems = found.filter((p) => p !== null && p !== undefined);
  if (problems.length === 0) return;
  const errors = problems.slice(0, shownProblems).map((p) => new UserError(p.text, { hint: p.hint }));
  if (problems.length > shownProblems)
    errors.push(new UserError(`${problems.length - shownProblems} more files are wrong`));
  throw new UserErrors(errors);
}

/** A calendar that has grown at its end. @throws UserError for days between or before those that bins count from */
function grownCalendar(before: Float64Array, more: Float64Array): Float64Array {
  const merged = unionOfTimes(before, more);
  const odd = before.findIndex((time, i) => merged[i] !== time);
  if (odd >= 0)
    throw new UserError(
      `${formatTime(merged[odd]!)} is not in the calendar of the folder, which has days until ${formatTime(before.at(-1)!)}`,
      {
        hint: 'an update adds days at the end, since bins count from the first day on; import everything afresh with --overwrite',
      },
    );
  return merged;
}

function membersText(
  target: ImportTarget,
  written: readonly WrittenInstrument[],
  show: (time: Time) => string,
): string {
  const file = join(target.folder, 'instruments', 'all.txt');
  const spans = new Map<string, Span[]>();
  if (target.isUpdate && existsSync(file))
    for (const [name, list] of readInstruments(file)) spans.set(name, [...list]);
  for (const { instrument, first, last } of written) {
    const known = [...spans.keys()].find((name) => name.toUpperCase() === instrument) ?? instrument;
    const list = spans.get(known) ?? [];
    const end = list.at(-1);
    // later days prolong the last span
    if (end) list[list.length - 1] = { start: Math.min(end.start, first), end: Math.max(end.end, last) };
    else list.push({ start: first, end: last });
    spans.set(known, list);
  }
  return [...spans]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, list]) => list.map((s) => `${name}\t${show(s.start)}\t${show(s.end)}\n`))
    .join('');
}

function timeWithSeconds(time: Time): string {
  return time % dayMs === 0 ? `${formatTime(time)} 00:00:00` : formatTime(time);
}
