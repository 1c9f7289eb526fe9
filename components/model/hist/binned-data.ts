/** Bins of features, column by column, on shared memory. A feature's bins are counted from 0; the last one may stand for missing values. */
export interface BinnedData {
  readonly length: number;
  readonly bins: readonly (Uint8Array | Uint16Array)[];
  /** Place of each feature's first bin among all bins, and their total: `(features + 1)`. */
  readonly starts: Int32Array;
}

/** Bins every column: `binsOf[f]` how many bins feature f has, `bin(f, value)` the bin of a value. */
export function binData(
  columns: readonly { readonly values: ArrayLike<number>; readonly rows: Uint32Array | null }[],
  length: number,
  binsOf: ArrayLike<number>,
  bin: (feature: number, value: number) => number,
): BinnedData {
  const starts = new Int32Array(new SharedArrayBuffer(4 * (columns.length + 1)));
  const bins = columns.map(({ values, rows }, f) => {
    starts[f + 1] = starts[f]! + binsOf[f]!;
    const wide = binsOf[f]! > 256;
    const buffer = new SharedArrayBuffer(length * (wide ? 2 : 1));
    const out = wide ? new Uint16Array(buffer) : new Uint8Array(buffer);
    for (let i = 0; i < length; i++) out[i] = bin(f, values[rows ? rows[i]! : i]!);
    return out;
  });
  return { length, bins, starts };
}
