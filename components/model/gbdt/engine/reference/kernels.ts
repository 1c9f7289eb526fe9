import { floatKey } from '../float-key.ts';
import type { Kernels } from '../kernels.ts';
import { finishFeatures } from './finish-features.ts';

/** The kernels in plain TypeScript: slow, to read and to test the others against. */
export function referenceKernels(memory: WebAssembly.Memory): Kernels {
  return {
    sortFloats(at, _spare, count) {
      new Float32Array(memory.buffer, at, count).sort();
    },

    binFloats(valuesAt, count, keysAt, nanBin, to, stride) {
      const { buffer } = memory;
      const values = new Float32Array(buffer, valuesAt, count);
      const bits = new Int32Array(buffer, valuesAt, count);
      const keys = new Int32Array(buffer, keysAt, 256);
      const out = new Uint8Array(buffer, to);
      for (let i = 0; i < count; i++) {
        const key = floatKey(bits[i]!);
        out[i * stride] = Number.isNaN(values[i]!) ? nanBin : keys.findIndex((k) => key <= k);
      }
    },

    addHistograms(binsAt, width, rowsAt, count, pairsAt, lanesAt, laneCount, _stage, histogramsAt) {
      const { buffer } = memory;
      const bins = new Uint8Array(buffer, binsAt);
      const pairs = new Float32Array(buffer, pairsAt);
      const lanes = new Uint16Array(buffer, lanesAt, laneCount);
      const histograms = new Float64Array(buffer, histogramsAt, laneCount * 512);
      const rows = rowsAt === 0 ? null : new Uint32Array(buffer, rowsAt, count);
      for (let i = 0; i < count; i++) {
        const row = rows ? rows[i]! : i;
        for (let k = 0; k < laneCount; k++) {
          const entry = k * 512 + bins[row * width + lanes[k]!]! * 2;
          histograms[entry]! += pairs[2 * row]!;
          histograms[entry + 1]! += pairs[2 * row + 1]!;
        }
      }
    },

    addWide(binsAt, rowsAt, count, pairsAt, histogramAt) {
      const { buffer } = memory;
      const bins = new Uint16Array(buffer, binsAt);
      const pairs = new Float32Array(buffer, pairsAt);
      const histogram = new Float64Array(buffer, histogramAt);
      const rows = rowsAt === 0 ? null : new Uint32Array(buffer, rowsAt, count);
      for (let i = 0; i < count; i++) {
        const row = rows ? rows[i]! : i;
        const entry = bins[row]! * 2;
        histogram[entry]! += pairs[2 * row]!;
        histogram[entry + 1]! += pairs[2 * row + 1]!;
      }
    },

    partitionRows(bins, stride, goes, rowsAt, count, left, right) {
      const rows = new Uint32Array(memory.buffer, rowsAt, count);
      return partition(memory.buffer, bins, stride, goes, (i) => rows[i]!, count, left, right);
    },

    partitionRange: (bins, stride, goes, first, count, left, right) =>
      partition(memory.buffer, bins, stride, goes, (i) => first + i, count, left, right),

    moveRows(to, from, count) {
      new Uint8Array(memory.buffer).copyWithin(to, from, from + 4 * count);
    },

    interleave(places, first, columns, count, to, width) {
      const bytes = new Uint8Array(memory.buffer);
      const from = new Uint32Array(memory.buffer, places, columns);
      for (let r = 0; r < count; r++)
        for (let c = 0; c < columns; c++) bytes[to + r * width + c] = bytes[from[c]! + first + r]!;
    },

    finishFeatures: (from, to, scratch, job, result) =>
      finishFeatures(memory.buffer, from, to, scratch, job, result),
  };
}

function partition(
  buffer: ArrayBufferLike,
  binsAt: number,
  stride: number,
  goesAt: number,
  rowOf: (i: number) => number,
  count: number,
  leftAt: number,
  rightAt: number,
): number {
  const bins = new Uint8Array(buffer, binsAt);
  const goes = new Uint8Array(buffer, goesAt, 256);
  const all = Array.from({ length: count }, (_, i) => rowOf(i));
  const left = all.filter((row) => goes[bins[row * stride]!] === 1);
  const right = all.filter((row) => goes[bins[row * stride]!] === 0);
  new Uint32Array(buffer, leftAt, left.length).set(left);
  new Uint32Array(buffer, rightAt, right.length).set(right);
  return left.length;
}
