import type { FeatureColumn } from '../data.ts';

/** Runs of fewer rows are copied one by one. */
const worthCopying = 16;

/**
 * Copies values of float32 columns to working memory. Columns usually share their selection of rows, of which long runs follow each
 * other: those are copied as a whole.
 */
export class ValueStage {
  readonly #into: Float32Array;
  #rows: Uint32Array | null = null;
  /** Ends of the runs of the selection's rows; null where they are short. */
  #ends: Uint32Array | null = null;

  constructor(into: Float32Array) {
    this.#into = into;
  }

  /** The visible rows [start, end) of a column. */
  copy({ values, rows }: FeatureColumn, start: number, end: number): void {
    const into = this.#into;
    if (rows === null) {
      into.set(values.subarray(start, end));
      return;
    }
    if (rows !== this.#rows) [this.#rows, this.#ends] = [rows, endsOfRuns(rows)];
    const ends = this.#ends;
    if (!ends) {
      for (let row = start; row < end; row++) into[row - start] = values[rows[row]!]!;
      return;
    }
    for (let run = runOf(ends, start), at = start; at < end; run++) {
      const next = Math.min(ends[run]!, end);
      const first = rows[at]!;
      into.set(values.subarray(first, first + next - at), at - start);
      at = next;
    }
  }
}

/** Places at which a row is not followed by the next one, exclusive; null where that is so for one row in `worthCopying`. */
function endsOfRuns(rows: Uint32Array): Uint32Array | null {
  const ends = new Uint32Array(Math.floor(rows.length / worthCopying) + 1);
  let count = 0;
  for (let row = 1; row < rows.length; row++) {
    if (rows[row] === rows[row - 1]! + 1) continue;
    if (count + 1 >= ends.length) return null;
    ends[count++] = row;
  }
  ends[count++] = rows.length;
  return ends.subarray(0, count);
}

/** The first run that ends behind a place. */
function runOf(ends: Uint32Array, place: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}
