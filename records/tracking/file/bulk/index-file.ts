import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { type KnownRun, type KnownRuns, noRuns } from './known-runs.ts';
import { markCount, pointSize, type RunFiles, type RunRecord } from './run-record.ts';

/** Another number with every change of the form. */
const version = 1;
/** Of the magic number, the version, the count of numbers, the bytes of the text and the CRC-32 of all behind the header, each a float64. */
const headerSize = 40;
const magic = 0x71_72_75_6e;

/** The text of an index file: all but the numbers. */
interface Text {
  /** The experiment's folder. */
  readonly folder: string;
  readonly layouts: readonly RunFiles[];
  readonly runs: readonly (readonly [id: string, layout: number, texts: readonly string[]])[];
}

/** A run as it goes into an index. */
export interface MarkedRecord {
  readonly record: RunRecord;
  readonly marks: Float64Array;
}

/** An index as bytes: header, numbers (marks and points of one run after the other), text as JSON. */
export function formatIndex(folder: string, records: ReadonlyMap<string, MarkedRecord>): Uint8Array {
  const layouts: RunFiles[] = [];
  const places = new Map<string, number>();
  const numbers: number[] = [];
  const runs: [string, number, readonly string[]][] = [];
  for (const [id, { record, marks }] of records) {
    const { files, texts, points } = record;
    const key = JSON.stringify(files);
    let place = places.get(key);
    if (place === undefined) places.set(key, (place = layouts.push(files) - 1));
    runs.push([id, place, texts]);
    for (const number of marks) numbers.push(number);
    for (const number of points) numbers.push(number);
  }
  const text = Buffer.from(JSON.stringify({ folder, layouts, runs } satisfies Text));
  const bytes = Buffer.alloc(headerSize + numbers.length * 8 + text.length);
  new Float64Array(bytes.buffer, bytes.byteOffset + headerSize, numbers.length).set(numbers);
  text.copy(bytes, headerSize + numbers.length * 8);
  const header = [magic, version, numbers.length, text.length, crc32(bytes.subarray(headerSize))];
  new Float64Array(bytes.buffer, bytes.byteOffset, header.length).set(header);
  return bytes;
}

/** What stands in an index file about a folder; nothing where there is no such file, or it is another's, damaged or of another version. */
export function readIndex(path: string, folder: string): KnownRuns {
  try {
    const bytes = readShared(path);
    const [first, form, count = 0, length = 0, sum] = new Float64Array(bytes, 0, 5);
    if (first !== magic || form !== version || headerSize + count * 8 + length !== bytes.byteLength)
      return noRuns;
    if (crc32(new Uint8Array(bytes, headerSize)) !== sum) return noRuns;
    const numbers = new Float64Array(bytes, headerSize, count);
    const text = Buffer.from(bytes, headerSize + count * 8, length).toString('utf8');
    const { folder: about, layouts, runs } = JSON.parse(text) as Text;
    if (about !== folder) return noRuns;
    const known = new Map<string, KnownRun>();
    let at = 0;
    for (const [id, layout, texts] of runs) {
      known.set(id, { layout, texts, at });
      const files = layouts[layout]!;
      at += markCount(files) + pointSize * files.metrics.length;
    }
    return at === count ? { layouts, runs: known, numbers } : noRuns;
  } catch {
    return noRuns;
  }
}

function readShared(path: string): SharedArrayBuffer {
  const fd = openSync(path, 'r');
  try {
    const bytes = new SharedArrayBuffer(fstatSync(fd).size);
    const view = new Uint8Array(bytes);
    let done = 0;
    while (done < view.length) {
      const count = readSync(fd, view, done, view.length - done, done);
      if (count === 0) throw new Error('the file became shorter');
      done += count;
    }
    return bytes;
  } finally {
    closeSync(fd);
  }
}
