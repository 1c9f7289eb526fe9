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

    finishFeatures: (from, to, scratch, job, result) =>
      finishFeatures(memory.buffer, from, to, scratch, job, result),
  };
}
