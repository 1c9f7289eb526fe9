import { readFileSync } from 'node:fs';
import { builtFile } from '../../../core/package-root.ts';

/**
 * The hot loops, over addresses in one memory. Two sets exist with the same results bit by bit: AssemblyScript
 * (gbdt-*.as.ts) and plain TypeScript (reference/).
 */
export interface Kernels {
  /** Sorts `count` float32 values at `at` ascending; `spare` has as much room again, and `counts` 24 KiB. No NaN. */
  sortFloats(at: number, spare: number, count: number, counts: number): void;
  /**
   * Writes the bin of each float32 at `values` to `bins + i * stride`. `keys` holds the ordered keys (see float-key.ts) of the largest
   * float32 that each bin takes; `firstBins` the first bin to try by the upper 16 bits of a value's key; NaN goes to `nanBin`.
   */
  binFloats(
    values: number,
    count: number,
    firstBins: number,
    keys: number,
    nanBin: number,
    bins: number,
    stride: number,
  ): void;
  /**
   * Adds (gradient, hessian) of rows to the histograms of `width` (16, 32, 64) neighbouring features: bins of row r are the bytes
   * `bins + r * width ..`, pairs are float32, histogram k has 256 pairs of float64 at `histograms + k * 4096`. The rows are the numbers
   * at `rows`, or 0 .. count - 1 where `rows` is 0. Every sum is made in the order of the rows.
   */
  addHistograms(
    width: number,
    bins: number,
    rows: number,
    count: number,
    pairs: number,
    histograms: number,
  ): void;
  /**
   * For the features [from, to) of one group, whose fresh histograms lie at `scratch`: completes them, subtracts them from the parent's,
   * finds the best splits of both children and keeps the best in the two results at `result`. See job.ts.
   */
  finishFeatures(from: number, to: number, scratch: number, job: number, result: number): void;
  /**
   * Stable partition of `count` rows by bin: those that go left to `left` ascending, the others before `rightEnd` descending.
   * `rows` 0 stands for 0 .. count - 1 plus `first`. Bin b goes left if `b === special ? specialLeft : b <= threshold`.
   */
  partitionRows(
    bins: number,
    stride: number,
    rows: number,
    first: number,
    count: number,
    threshold: number,
    special: number,
    specialLeft: number,
    left: number,
    rightEnd: number,
  ): number;
}

const modules = ['gbdt-histograms', 'gbdt-rows', 'gbdt-splits'] as const;
const compiled = new Map<string, WebAssembly.Module>();

/** The AssemblyScript kernels over a shared memory. */
export function wasmKernels(memory: WebAssembly.Memory): Kernels {
  const exports = modules.map((name) => {
    let module = compiled.get(name);
    if (!module)
      compiled.set(name, (module = new WebAssembly.Module(readFileSync(builtFile(`wasm/${name}.wasm`)))));
    return new WebAssembly.Instance(module, { env: { memory } }).exports;
  });
  return Object.assign({}, ...exports) as Kernels;
}
