import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatTime, lowerBound } from '../../core/dates.ts';
import { UserError } from '../../core/errors.ts';
import { makeFolder } from '../../core/make-folder.ts';
import type { Part } from './options.ts';
import { readPart, type StagedPart } from './part-file.ts';

/** One instrument's parts, and the bins that it has. */
export interface InstrumentJob {
  readonly instrument: string;
  readonly folderName: string;
  readonly parts: readonly StagedPart[];
}

export interface WriteJob {
  readonly instruments: readonly InstrumentJob[];
  readonly calendar: Float64Array;
  readonly freq: string;
  /** Where bins are written, as `<name>/<field>.<freq>.bin`. */
  readonly features: string;
  /** `features` of the folder that is updated. */
  readonly old: string | null;
  readonly duplicates: 'error' | 'first' | 'last';
}

export interface WrittenInstrument {
  readonly instrument: string;
  readonly first: number;
  readonly last: number;
  readonly values: number;
  /** Files written, relative to the folder of features. */
  readonly files: readonly string[];
  readonly warnings: readonly string[];
  readonly problem: { readonly text: string; readonly hint: string | undefined } | null;
}

/** Aligns instruments to the calendar and writes their bins: NaN where a day has no row. */
export function writeTask(job: WriteJob): WrittenInstrument[] {
  return job.instruments.map((instrument) => {
    try {
      return writeInstrument(instrument, job);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const problem = { text: error.problem, hint: error.hint };
      return { ...nothing(instrument.instrument), problem };
    }
  });
}

const nothing = (instrument: string): WrittenInstrument => ({
  instrument,
  first: Number.NaN,
  last: Number.NaN,
  values: 0,
  files: [],
  warnings: [],
  problem: null,
});

function writeInstrument({ instrument, folderName, parts }: InstrumentJob, job: WriteJob): WrittenInstrument {
  const { calendar, freq } = job;
  const rows = joined(parts.map(readPart), job.duplicates);
  const first = rows.times[0]!;
  const last = rows.times.at(-1)!;
  const own = join(job.features, folderName);
  makeFolder(own);
  const places = placesOf(rows.times, calendar);
  const warnings: string[] = [];
  const files: string[] = [];
  let values = 0;
  for (const [c, field] of rows.fields.entries()) {
    const name = `${field}.${freq}.bin`;
    const old = job.old === null ? undefined : readOld(join(job.old, folderName, name));
    const from = old ? Math.min(old.start, places[0]!) : places[0]!;
    const oldEnd = old ? old.start + old.values.length : 0;
    const to = Math.max(oldEnd, places.at(-1)! + 1);
    const out = new Float32Array(1 + to - from);
    out[0] = from;
    if (old || places.length < to - from) out.fill(Number.NaN, 1);
    if (old) out.set(old.values, 1 + old.start - from);
    const column = rows.columns[c]!;
    let worst = 0;
    let worstAt = -1;
    for (let i = 0; i < places.length; i++) {
      const place = places[i]!;
      if (place < oldEnd && old) {
        // days that are there keep their value
        const was = out[1 + place - from]!;
        if (Number.isNaN(was) && !Number.isNaN(column[i]!)) out[1 + place - from] = column[i]!;
        const difference = Math.abs(column[i]! - was) / Math.max(Math.abs(was), 1e-30);
        if (difference > worst) [worst, worstAt] = [difference, i];
        continue;
      }
      out[1 + place - from] = column[i]!;
    }
    if (worst > 1e-4)
      warnings.push(
        `${instrument} $${field} of ${formatTime(rows.times[worstAt]!)} differs from the value that is there by ${(100 * worst).toPrecision(3)} %: kept as it was`,
      );
    writeFileSync(join(own, name), new Uint8Array(out.buffer));
    files.push(`${folderName}/${name}`);
    values += places.length;
  }
  return { instrument, first, last, values, files, warnings, problem: null };
}

/** Calendar index of each time. Both ascend, and the calendar has every time. */
function placesOf(times: Float64Array, calendar: Float64Array): Int32Array {
  const places = new Int32Array(times.length);
  let place = lowerBound(calendar, times[0]!);
  for (let i = 0; i < times.length; i++) {
    while (calendar[place]! < times[i]!) place++;
    places[i] = place;
  }
  return places;
}

function readOld(file: string): { start: number; values: Float32Array } | undefined {
  if (!existsSync(file)) return undefined;
  const bytes = new Uint8Array(readFileSync(file));
  if (bytes.length % 4 !== 0 || bytes.length === 0)
    throw new UserError(`${file} has ${bytes.length} bytes, which is no multiple of 4: truncated?`);
  const values = new Float32Array(bytes.buffer);
  return { start: values[0]!, values: values.subarray(1) };
}

/** The rows of several files of one instrument, by time; fields that a file lacks are NaN in its rows. */
function joined(parts: readonly Part[], duplicates: WriteJob['duplicates']): Part {
  if (parts.length === 1) return parts[0]!;
  const fields = [...new Set(parts.flatMap((part) => part.fields))];
  const rows = parts.flatMap((part, p) => Array.from(part.times, (time, row) => ({ time, p, row })));
  rows.sort((a, b) => a.time - b.time || a.p - b.p);
  const kept: typeof rows = [];
  for (const row of rows) {
    const before = kept.at(-1);
    if (before?.time !== row.time) kept.push(row);
    else if (duplicates === 'last') kept[kept.length - 1] = row;
    else if (duplicates === 'error')
      throw new UserError(
        `${parts[row.p]!.source}: duplicate time ${formatTime(row.time)} of ${parts[0]!.instrument}, which ${parts[before.p]!.source} has too`,
        { hint: 'each time may be there once; --duplicates first or last keeps one of them' },
      );
  }
  const columns = fields.map((field) => {
    const own = parts.map((part) => part.columns[part.fields.indexOf(field)]);
    return Float32Array.from(kept, ({ p, row }) => own[p]?.[row] ?? Number.NaN);
  });
  return { ...parts[0]!, fields, columns, times: Float64Array.from(kept, (r) => r.time) };
}
