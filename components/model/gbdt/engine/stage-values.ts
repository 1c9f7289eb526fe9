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
  #start = -1;
  #end = -1;
  /** Ends of the runs of the selection's rows from `#start` to `#end`. */
  #runs: number[] = [];

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
    this.#findRuns(rows, start, end);
    if (this.#runs.length * worthCopying > end - start) {
      for (let row = start; row < end; row++) into[row - start] = values[rows[row]!]!;
      return;
    }
    let at = start;
    for (const next of this.#runs) {
      const first = rows[at]!;
      into.set(values.subarray(first, first + next - at), at - start);
      at = next;
    }
  }

  #findRuns(rows: Uint32Array, start: number, end: number): void {
    if (rows === this.#rows && start === this.#start && end === this.#end) return;
    [this.#rows, this.#start, this.#end, this.#runs] = [rows, start, end, []];
    for (let row = start + 1; row < end; row++) if (rows[row] !== rows[row - 1]! + 1) this.#runs.push(row);
    this.#runs.push(end);
  }
}
