import { closeSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../core/errors.ts';
import { cannotRead } from './cannot-read.ts';
import { type DataFolder, listFolder } from './folder.ts';
import type { BinRead } from './provider.ts';

/** A bin file: float32 values, little-endian, of the calendar days [start, start + length), behind their start index. */
export interface Bin {
  readonly file: string;
  readonly start: number;
  readonly length: number;
}

/** A header and the values behind it that are looked at for their byte order. */
const sample = 32;
const head = new DataView(new ArrayBuffer(4 * (1 + sample)));

/** Finds and checks bins of one frequency; each header is read once. */
export class BinFolder {
  readonly #known = new Map<string, Bin | null>();
  readonly #lent = new Set<string>();
  #names = 0;
  readonly #listed = new Map<string, ReadonlyMap<string, string>>();

  constructor(
    readonly folder: DataFolder,
    /** As files spell it: `day`, `1min`. */
    readonly frequency: string,
    readonly calendarLength: number,
  ) {}

  /** The bin of a field; null where the instrument has none. @throws UserError for a broken file */
  find(instrument: string, field: string): Bin | null {
    const key = `${instrument}\n${field}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const bin = this.#read(instrument, field);
    this.#known.set(key, bin);
    return bin;
  }

  /** A name for a field that is lent, which no other has. */
  freshName(): string {
    return `__lent${this.#names++}`;
  }

  /** Lets `find` give a bin that lies elsewhere, for a field of that name. */
  lend(instrument: string, field: string, bin: Bin): void {
    this.#lent.add(field);
    this.#known.set(`${instrument}\n${field}`, bin);
  }

  isLent(field: string): boolean {
    return this.#lent.has(field);
  }

  /** Forgets what was lent for a field. */
  giveBack(field: string): void {
    this.#lent.delete(field);
    for (const key of this.#known.keys()) if (key.endsWith(`\n${field}`)) this.#known.delete(key);
  }

  /** The bins that `find` has found so far, but for those that were lent. */
  found(): BinRead[] {
    return [...this.#known].flatMap(([key, bin]) => {
      const [instrument = '', field = ''] = key.split('\n');
      return bin && !this.#lent.has(field) ? [{ instrument, field, ...bin }] : [];
    });
  }

  /** Field names of an instrument. */
  fields(instrument: string): string[] {
    const folder = this.folder.featureFolder(instrument);
    if (folder === undefined) return [];
    const ending = `.${this.frequency}.bin`;
    return [...listFolder(folder).keys()]
      .filter((name) => name.endsWith(ending))
      .map((name) => name.slice(0, -ending.length))
      .sort();
  }

  #read(instrument: string, field: string): Bin | null {
    const folder = this.folder.featureFolder(instrument);
    if (folder === undefined || /[\\/\0]/.test(field)) return null;
    const name = `${field.toLowerCase()}.${this.frequency}.bin`;
    let file = join(folder, name);
    let stats = tryStat(file);
    // files are in lower case; whoever spells folders otherwise may spell files otherwise
    if (!stats && basename(folder) !== basename(folder).toLowerCase()) {
      const other = this.#listing(folder).get(name);
      if (other !== undefined) stats = tryStat((file = join(folder, other)));
    }
    if (!stats) return null;
    return checkBin(file, stats, `${instrument} $${field}`, this.calendarLength);
  }

  #listing(folder: string): ReadonlyMap<string, string> {
    let listing = this.#listed.get(folder);
    if (!listing) this.#listed.set(folder, (listing = listFolder(folder)));
    return listing;
  }
}

function tryStat(file: string): Stats | undefined {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    // Node 24 has no error where a part of the path is a file
    if (stats || statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory() !== false) return stats;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTDIR') throw cannotRead(file, error);
  }
  throw new UserError(`${dirname(file)} is a file, not a folder of bins`);
}

function openBin(file: string, what: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    throw cannotRead(`${what}: ${file}`, error);
  }
}

function checkBin(file: string, stats: Stats, what: string, calendarLength: number): Bin {
  const broken = (problem: string, hint?: string) => new UserError(`${what}: ${file} ${problem}`, { hint });
  if (stats.isDirectory()) throw broken('is a folder, not a file of values');
  if (!stats.isFile()) throw broken('is no regular file');
  if (stats.size === 0)
    throw broken('is empty (0 bytes)', 'a bin holds a start index and values, 4 bytes each');
  if (stats.size % 4 !== 0)
    throw broken(
      `has ${stats.size} bytes, which is no multiple of 4: truncated?`,
      'a bin holds a start index and values, 4 bytes each',
    );
  const length = stats.size / 4 - 1;
  const opened = openBin(file, what);
  let seen: number;
  try {
    seen = readSync(opened, head, 0, head.byteLength, 0) / 4 - 1;
    if (!inOrder(seen))
      throw broken(
        'holds values of impossible size, which make sense in the other byte order',
        'written big-endian? bins are little-endian',
      );
  } finally {
    closeSync(opened);
  }
  const start = head.getFloat32(0, true);
  if (!Number.isInteger(start) || start < 0) {
    const other = head.getFloat32(0, false);
    const swapped = Number.isInteger(other) && other >= 0 && other < calendarLength;
    throw broken(
      `has the start index ${start}, which is no place in the calendar`,
      swapped
        ? 'written big-endian? bins are little-endian'
        : 'the first value of a bin is the calendar index of the second',
    );
  }
  if (length > 0 && start >= calendarLength)
    throw broken(
      `has the start index ${start}, beyond the ${calendarLength} days of the calendar`,
      'do calendar and bins belong together?',
    );
  if (start + length > calendarLength)
    throw broken(
      `has ${length} values from calendar index ${start} on, ${start + length - calendarLength} more than the calendar has days (longer than the calendar)`,
      'do calendar and bins belong together?',
    );
  return { file, start, length };
}

/**
 * False where the first values make no sense, but would with their bytes swapped: all far too large or small, or jumping over many orders of
 * magnitude from one to the next.
 */
function inOrder(count: number): boolean {
  const exponents = (little: boolean) => {
    const found: number[] = [];
    for (let i = 1; i <= count; i++) {
      const size = Math.abs(head.getFloat32(4 * i, little));
      if (size > 0 && size < Number.POSITIVE_INFINITY) found.push(Math.log2(size));
    }
    return found;
  };
  if (isCalm(count)) return true;
  const own = exponents(true);
  const swapped = exponents(false);
  if (own.length < 8 || swapped.length < 8) return true;
  const usual = (e: readonly number[]) => e.filter((x) => Math.abs(x) < 60).length > 0;
  const jump = (e: readonly number[]) => {
    const jumps = e.slice(1).map((x, i) => Math.abs(x - e[i]!));
    return jumps.sort((a, b) => a - b)[jumps.length >> 1]!;
  };
  return !((usual(swapped) && !usual(own)) || (jump(own) > 12 && jump(swapped) < 4));
}

/** The quick look that nearly every bin passes: most values are of usual size and near the one before. */
function isCalm(count: number): boolean {
  let calm = 0;
  let before = 0;
  for (let i = 1; i <= count; i++) {
    const exponent = (head.getUint32(4 * i, true) >>> 23) & 255;
    if (exponent > 67 && exponent < 187 && Math.abs(exponent - before) < 5) calm++;
    before = exponent;
  }
  return 2 * calm > count;
}

/** Fills `out` with the values of a bin from the calendar day `from` on; all of them must be there. */
export function readBin({ file, start }: Bin, from: number, out: Float32Array): void {
  const opened = openSync(file, 'r');
  try {
    const bytes = new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
    let done = 0;
    while (done < bytes.length) {
      const got = readSync(opened, bytes, done, bytes.length - done, 4 * (from - start + 1) + done);
      if (got === 0) throw new UserError(`${file} became shorter while it was read`);
      done += got;
    }
  } finally {
    closeSync(opened);
  }
}
