import { floatKey } from '../float-key.ts';
import type { Kernels } from '../kernels.ts';
import { finishFeatures } from './finish-features.ts';

/** The kernels in plain TypeScript: slow, to read and to test the others against. */
export function referenceKernels(memory: WebAssembly.Memory): Kernels {
  return {
    sortFloats(at, _spare, count) {
      new Float32Array(memory.buffer, at, count).sort();
    },

    binFloats(valuesAt, count, firstBinsAt, keysAt, nanBin, binsAt, stride) {
      const { buffer } = memory;
      const values = new Float32Array(buffer, valuesAt, count);
      const bits = new Int32Array(buffer, valuesAt, count);
      const firstBins = new Uint8Array(buffer, firstBinsAt);
      const keys = new Uint32Array(buffer, keysAt, 256);
      const bins = new Uint8Array(buffer, binsAt);
      for (let i = 0; i < count; i++) {
        const key = floatKey(bits[i]!);
        let bin = firstBins[key >>> 16]!;
        if (Number.isNaN(values[i]!)) bin = nanBin;
        else while (key > keys[bin]!) bin++;
        bins[i * stride] = bin;
      }
    },

    addHistograms(width, binsAt, rowsAt, count, pairsAt, histogramsAt) {
      const { buffer } = memory;
      const bins = new Uint8Array(buffer, binsAt);
      const pairs = new Float32Array(buffer, pairsAt);
      const histograms = new Float64Array(buffer, histogramsAt, width * 512);
      const rows = rowsAt === 0 ? null : new Uint32Array(buffer, rowsAt, count);
      for (let i = 0; i < count; i++) {
        const row = rows ? rows[i]! : i;
        for (let k = 0; k < width; k++) {
          const entry = k * 512 + bins[row * width + k]! * 2;
          histograms[entry]! += pairs[2 * row]!;
          histograms[entry + 1]! += pairs[2 * row + 1]!;
        }
      }
    },

    finishFeatures: (from, to, scratch, job, result) =>
      finishFeatures(memory.buffer, from, to, scratch, job, result),

    partitionRows(binsAt, stride, rowsAt, first, count, threshold, special, specialLeft, leftAt, rightEnd) {
      const { buffer } = memory;
      const bins = new Uint8Array(buffer, binsAt);
      const rows = rowsAt === 0 ? null : new Uint32Array(buffer, rowsAt, count);
      const all = new Uint32Array(buffer);
      let left = leftAt >>> 2;
      let right = rightEnd >>> 2;
      for (let i = 0; i < count; i++) {
        const row = rows ? rows[i]! : first + i;
        const bin = bins[row * stride]!;
        if (bin === special ? specialLeft : bin <= threshold) all[left++] = row;
        else all[--right] = row;
      }
      return left - (leftAt >>> 2);
    },
  };
}
