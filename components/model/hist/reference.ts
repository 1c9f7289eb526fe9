import { floatKey } from '../gbdt/engine/float-key.ts';
import type { RowKernels } from './kernels.ts';

/** The kernels in plain TypeScript: slow, to read and to test the others against. */
export function referenceRowKernels({ buffer }: WebAssembly.Memory): RowKernels {
  return {
    addBytes: (bins, width, rows, count, pairs, offsets, lanes, _, histogram) =>
      add(buffer, new Uint8Array(buffer, bins), width, rows, count, pairs, offsets, lanes, histogram),
    addWords: (bins, width, rows, count, pairs, offsets, lanes, _, histogram) =>
      add(buffer, new Uint16Array(buffer, bins), width / 2, rows, count, pairs, offsets, lanes, histogram),
    subtract(fromAt, whatAt, count) {
      const from = new Float64Array(buffer, fromAt, 2 * count);
      const what = new Float64Array(buffer, whatAt, 2 * count);
      for (let i = 0; i < from.length; i++) from[i]! -= what[i]!;
    },
    partBytes: (bins, stride, ...rest) => part(buffer, new Uint8Array(buffer, bins), stride, ...rest),
    partWords: (bins, stride, ...rest) => part(buffer, new Uint16Array(buffer, bins), stride / 2, ...rest),
    binBytes: (values, count, keys, missing, to, stride) =>
      bin(buffer, values, count, keys, missing, new Uint8Array(buffer, to), stride),
    binWords: (values, count, keys, missing, to, stride) =>
      bin(buffer, values, count, keys, missing, new Uint16Array(buffer, to), stride / 2),
  };
}

type Bins = Uint8Array | Uint16Array;

function add(
  buffer: ArrayBufferLike,
  bins: Bins,
  width: number,
  rowsAt: number,
  count: number,
  pairsAt: number,
  offsetsAt: number,
  lanes: number,
  histogramAt: number,
): void {
  const rows = new Uint32Array(buffer, rowsAt, count);
  const pairs = new Float32Array(buffer, pairsAt);
  const offsets = new Uint32Array(buffer, offsetsAt, lanes);
  const histogram = new Float64Array(buffer, histogramAt);
  for (const row of rows)
    for (let k = 0; k < lanes; k++) {
      const entry = offsets[k]! / 8 + 2 * bins[row * width + k]!;
      histogram[entry]! += pairs[2 * row]!;
      histogram[entry + 1]! += pairs[2 * row + 1]!;
    }
}

function part(
  buffer: ArrayBufferLike,
  bins: Bins,
  stride: number,
  bin: number,
  missing: number,
  missingLeft: boolean,
  rowsAt: number,
  count: number,
  leftAt: number,
  rightAt: number,
): number {
  const rows = new Uint32Array(buffer, rowsAt, count);
  const left = new Uint32Array(buffer, leftAt, count);
  const right = new Uint32Array(buffer, rightAt, count);
  let lefts = 0;
  let rights = 0;
  for (let i = 0; i < count; i++) {
    const row = rows[i]!;
    const b = bins[row * stride]!;
    if (b === missing ? missingLeft : b <= bin) left[lefts++] = row;
    else right[rights++] = row;
  }
  return lefts;
}

function bin(
  buffer: ArrayBufferLike,
  valuesAt: number,
  count: number,
  keysAt: number,
  missing: number,
  out: Bins,
  stride: number,
): void {
  const values = new Float32Array(buffer, valuesAt, count);
  const bits = new Int32Array(buffer, valuesAt, count);
  const keys = new Int32Array(buffer, keysAt, 256);
  for (let i = 0; i < count; i++) {
    const key = floatKey(bits[i]!);
    out[i * stride] = Number.isNaN(values[i]!) ? missing : keys.findIndex((k) => key <= k);
  }
}
