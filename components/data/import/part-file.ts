import { readFileSync, writeFileSync } from 'node:fs';
import type { Part } from './options.ts';

/** A part that lies in the staging folder: times as float64, then the fields one after another as float32. */
export interface StagedPart {
  readonly file: string;
  readonly instrument: string;
  readonly source: string;
  readonly fields: readonly string[];
  readonly length: number;
}

export function writePart(file: string, { instrument, source, times, fields, columns }: Part): StagedPart {
  const bytes = new Uint8Array(times.length * (8 + 4 * fields.length));
  new Float64Array(bytes.buffer, 0, times.length).set(times);
  columns.forEach((column, c) => {
    new Float32Array(bytes.buffer, times.length * (8 + 4 * c), times.length).set(column);
  });
  writeFileSync(file, bytes);
  return { file, instrument, source, fields, length: times.length };
}

export function readPart({ file, instrument, source, fields, length }: StagedPart): Part {
  const read = readFileSync(file);
  const bytes = read.byteOffset % 8 === 0 ? read : new Uint8Array(read);
  return {
    instrument,
    source,
    fields,
    times: new Float64Array(bytes.buffer, bytes.byteOffset, length),
    columns: fields.map(
      (_, c) => new Float32Array(bytes.buffer, bytes.byteOffset + length * (8 + 4 * c), length),
    ),
  };
}
