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
   * Writes the bin of each float32 at `values` to `to + i * stride`: how many of the 256 ascending keys (see float-key.ts) are below its
   * key. Behind the keys stand every 16th of them. NaN goes to `nanBin`.
   */
  binFloats(values: number, count: number, keys: number, nanBin: number, to: number, stride: number): void;
  /**
   * Adds (gradient, hessian) of rows to the histograms of `laneCount` features. Bins of row r are the bytes `bins + r * width ..`; the
   * features' places in them are the uint16 at `lanes`. Pairs are float32; the k-th histogram has 256 pairs of float64 at
   * `histograms + k * 4096`. The rows are the numbers at `rows`, or 0 .. count - 1 where `rows` is 0. Every sum is made in the order of
   * the rows. `stage` is working memory, see `stageBytes`.
   */
  addHistograms(
    bins: number,
    width: number,
    rows: number,
    count: number,
    pairs: number,
    lanes: number,
    laneCount: number,
    stage: number,
    histograms: number,
  ): void;
  /** Adds (gradient, hessian) of rows to the histogram of a feature whose bins are the uint16 at `bins`; see `addHistograms`. */
  addWide(bins: number, rows: number, count: number, pairs: number, histogram: number): void;
  /**
   * Parts the row numbers at `rows` by their bins: row r has the byte `bins + r * stride`, and where the byte `goes + bin` is 1 it is written to
   * `left`, else to `right`, in their order. Both have room for all of them; `left` may be `rows`. Returns how many went left.
   */
  partitionRows(
    bins: number,
    stride: number,
    goes: number,
    rows: number,
    count: number,
    left: number,
    right: number,
  ): number;
  /** `partitionRows` of the rows first .. first + count - 1. */
  partitionRange(
    bins: number,
    stride: number,
    goes: number,
    first: number,
    count: number,
    left: number,
    right: number,
  ): number;
  /** Copies row numbers; the places may overlap. */
  moveRows(to: number, from: number, count: number): void;
  /**
   * Turns columns of bytes into rows: byte `first + r` of column c, whose address is the c-th uint32 at `places`, is written to
   * `to + r * width + c`. `spare` is working memory of 512 bytes.
   */
  interleave(
    places: number,
    first: number,
    columns: number,
    count: number,
    to: number,
    width: number,
    spare: number,
  ): void;
  /**
   * For the active ones among the features [from, to), whose fresh histograms follow each other at `scratch`: completes them, subtracts
   * them from the parent's, finds the best splits of both children of those that are `Feature.plain` and keeps the best in the two results at `result`. Leaves the
   * scratch zeroed. See job.ts.
   */
  finishFeatures(from: number, to: number, scratch: number, job: number, result: number): void;
}

const modules = ['gbdt-histograms', 'gbdt-partition', 'gbdt-rows', 'gbdt-splits', 'gbdt-wide'] as const;
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
