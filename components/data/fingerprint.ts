import { hash } from 'node:crypto';
import { basename } from 'node:path';
import { formatTime, lowerBound } from '../core/dates.ts';
import type { TaskRunner } from '../core/workers.ts';
import { type BinPrint, type FrequencyPrint, hashOfField } from './field-print.ts';
import { pitPrint } from './fingerprint-pit.ts';
import { type CutFile, digits, fingerprintTask } from './fingerprint-task.ts';
import type { Range } from './plan/step.ts';
import type { BinRead, DataReads, FrequencyReads, PitRead } from './provider.ts';

export type { BinPrint, FrequencyPrint } from './field-print.ts';

export interface MarketPrint {
  readonly name: string;
  readonly hash: string;
  /** Instruments with their spans, `2010-01-04..2015-06-30`. */
  readonly members: Readonly<Record<string, readonly string[]>>;
}

/** A hash tree of data by field, instrument and year, with calendars and markets. Equal roots: equal data, wherever it lies. */
export interface Fingerprint {
  readonly version: 1;
  readonly root: string;
  readonly frequencies: readonly FrequencyPrint[];
  readonly markets: readonly MarketPrint[];
}

export interface FingerprintOptions {
  /** Without one, this thread reads all files. */
  readonly pool?: TaskRunner | undefined;
  /** Calendar days of a bin that count; default all of them. */
  readonly windowOf?: (bin: BinRead, reads: FrequencyReads) => Range;
  /** Last date of publication that counts of a point-in-time field, `2019-04-25`; default, and null: all of them. */
  readonly lastDateOf?: (read: PitRead) => string | null;
  /** Hashes of `hashReads`, which are not made again. */
  readonly known?: KnownHashes;
}

/** Hashes of files' parts by file. */
export type KnownHashes = Map<string, { readonly cuts: readonly number[]; readonly hashes: string }>;

const listedTimes = 20_000;

/**
 * The fingerprint of what was read. Leaves are SHA-256 of the raw float32 bytes of a year (64 bits kept), a field's hash is that of its
 * instruments' lines, the root that of calendars, markets and fields. Whole files count, not only the days that were asked for.
 */
export async function fingerprintOf(
  reads: DataReads,
  options: FingerprintOptions = {},
): Promise<Fingerprint> {
  const frequencies = await Promise.all(
    [...reads.frequencies]
      .sort((a, b) => compare(a.freq, b.freq))
      .map((frequency) => frequencyPrint(frequency, options)),
  );
  if (reads.pointInTime) frequencies.push(pitPrint(reads.pointInTime, options.lastDateOf));
  const markets = reads.markets
    .map(({ file, spans }): MarketPrint => {
      const members = Object.fromEntries(
        [...spans]
          .map(([name, list]): [string, string[]] => [
            name,
            list.map((s) => `${formatTime(s.start)}..${formatTime(s.end)}`),
          ])
          .sort(([a], [b]) => compare(a, b)),
      );
      return { name: basename(file, '.txt'), hash: digest(JSON.stringify(members)), members };
    })
    .sort((a, b) => compare(a.name, b.name));
  const parts = [
    ...frequencies.flatMap(({ freq, calendar, fields }) => [
      `calendar ${freq} ${calendar.hash}`,
      ...Object.entries(fields).map(([field, print]) => `field ${freq} ${field} ${print.hash}`),
    ]),
    ...markets.map(({ name, hash }) => `market ${name} ${hash}`),
  ];
  return { version: 1, root: digest(parts.join('\n')), frequencies, markets };
}

/** The hashes that a fingerprint will need, while there is time for it; nothing else of the fingerprint. */
export async function hashReads(
  reads: DataReads,
  options: FingerprintOptions & { readonly known: KnownHashes },
): Promise<void> {
  for (const frequency of reads.frequencies)
    await hashAll(readParts(frequency, options.windowOf).cuts, options);
}

/** The days of each file that count, in order of field and instrument, and where its years begin. */
function readParts(reads: FrequencyReads, windowOf: FingerprintOptions['windowOf']) {
  const { times } = reads;
  const years = yearStarts(times);
  const bins = reads.bins
    .map((bin) => {
      const window = windowOf?.(bin, reads) ?? { from: 0, to: times.length };
      return {
        bin,
        from: Math.max(bin.start, window.from),
        to: Math.min(bin.start + bin.length, window.to),
      };
    })
    .filter(({ from, to }) => from < to)
    .sort((a, b) => compare(a.bin.field, b.bin.field) || compare(a.bin.instrument, b.bin.instrument));
  // most files cover the same days: one list for all of them is what is sent to threads
  const known = new Map<string, number[]>();
  const cuts = bins.map(({ bin, from, to }): CutFile => {
    const key = `${bin.start} ${from} ${to}`;
    let found = known.get(key);
    if (!found) {
      const inside = years.filter((y) => y.from > from && y.from < to).map((y) => y.from);
      known.set(key, (found = [from, ...inside, to].map((day) => day - bin.start)));
    }
    return { file: bin.file, cuts: found };
  });
  return { bins, cuts, years };
}

async function frequencyPrint(reads: FrequencyReads, options: FingerprintOptions): Promise<FrequencyPrint> {
  const { freq, folder, times } = reads;
  const { bins, cuts, years } = readParts(reads, options.windowOf);
  const hashes = await hashAll(cuts, options);
  const fields = new Map<string, Record<string, BinPrint>>();
  bins.forEach(({ bin, from, to }, i) => {
    let instruments = fields.get(bin.field);
    if (!instruments) fields.set(bin.field, (instruments = Object.create(null) as Record<string, BinPrint>));
    const leaves: Record<string, string> = {};
    const first = years.findLastIndex((y) => y.from <= from);
    for (let k = 0; k * digits < hashes[i]!.length; k++)
      leaves[years[first + k]!.name] = hashes[i]!.slice(k * digits, (k + 1) * digits);
    instruments[bin.instrument] = {
      start: formatTime(times[from]!),
      end: formatTime(times[to - 1]!),
      count: to - from,
      years: leaves,
    };
  });
  const texts = times.length <= listedTimes ? Array.from(times, formatTime) : null;
  return {
    freq,
    folder,
    calendar: {
      hash: digest(Buffer.from(times.buffer, times.byteOffset, times.byteLength)),
      count: times.length,
      times: texts,
    },
    fields: Object.fromEntries(
      [...fields].map(([field, instruments]) => [field, { hash: hashOfField(instruments), instruments }]),
    ),
  };
}

/** Files below which threads would cost more than they save. */
const fewFiles = 200;

async function hashAll(
  files: readonly CutFile[],
  { pool, known = new Map() }: FingerprintOptions,
): Promise<string[]> {
  const isKnown = ({ file, cuts }: CutFile) => {
    const found = known.get(file)?.cuts;
    return found?.length === cuts.length && found.every((cut, i) => cut === cuts[i]);
  };
  const missing = files.filter((file) => !isKnown(file));
  for (const [i, hashes] of (await makeHashes(missing, pool)).entries())
    known.set(missing[i]!.file, { cuts: missing[i]!.cuts, hashes });
  return files.map(({ file }) => known.get(file)!.hashes);
}

async function makeHashes(files: readonly CutFile[], pool: TaskRunner | undefined): Promise<string[]> {
  if (!pool || files.length < fewFiles) return fingerprintTask(files);
  const size = Math.ceil(files.length / pool.size);
  const shares = Array.from({ length: pool.size }, (_, k) => files.slice(k * size, (k + 1) * size));
  return (
    await pool.all<string[]>(
      'fingerprint',
      shares.filter((share) => share.length > 0),
    )
  ).flat();
}

function yearStarts(times: Float64Array): { name: string; from: number }[] {
  const found: { name: string; from: number }[] = [];
  for (let from = 0; from < times.length; ) {
    const year = new Date(times[from]!).getUTCFullYear();
    found.push({ name: String(year), from });
    from = lowerBound(times, Date.UTC(year + 1, 0, 1));
  }
  return found;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function digest(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}
