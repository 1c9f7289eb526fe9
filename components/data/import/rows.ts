/** Rows that come one after another: times, values by column, and the line of each in its file. */
export class GrowingRows {
  length = 0;
  times: Float64Array;
  lines: Int32Array;
  readonly columns: Float64Array[];

  constructor(
    readonly instrument: string,
    columnCount: number,
    capacity: number,
  ) {
    this.times = new Float64Array(capacity);
    this.lines = new Int32Array(capacity);
    this.columns = Array.from({ length: columnCount }, () => new Float64Array(capacity));
  }

  /** Makes room for another row. */
  reserve(): void {
    if (this.length < this.times.length) return;
    const size = 2 * this.times.length + 16;
    const grown = new Float64Array(size);
    grown.set(this.times);
    this.times = grown;
    const lines = new Int32Array(size);
    lines.set(this.lines);
    this.lines = lines;
    for (let c = 0; c < this.columns.length; c++) {
      const column = new Float64Array(size);
      column.set(this.columns[c]!);
      this.columns[c] = column;
    }
  }
}
