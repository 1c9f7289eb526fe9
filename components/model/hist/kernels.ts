import { readFileSync } from 'node:fs';
import { builtFile } from '../../core/package-root.ts';

/** The hot loops over binned rows, over addresses in one memory: AssemblyScript (hist-rows.as.ts) and plain TypeScript (reference.ts) with the same results bit by bit. */
export interface RowKernels {
  /**
   * Adds (gradient, hessian) of rows to the histograms of `lanes` features: lane k's bin of row r is the byte `bins + r * width + k`, its histogram of
   * (float64, float64) a bin at `histogram + offsets[k]`. `rows`: uint32 numbers, `offsets`: uint32, `pairs`: float32 of all rows, `stage`: working memory
   * (layout.ts).
   */
  addBytes(
    bins: number,
    width: number,
    rows: number,
    count: number,
    pairs: number,
    offsets: number,
    lanes: number,
    stage: number,
    histogram: number,
  ): void;
  /** The same with bins of 16 bits at `bins + r * width + 2 k`. */
  addWords: RowKernels['addBytes'];
  /** Subtracts `count` pairs of float64. */
  subtract(from: number, what: number, count: number): void;
  /**
   * Parts rows by a feature whose bin of row r is the byte `bins + r * stride`: those with bins up to `bin` are written to `left`, which may be `rows` itself, the
   * others to `right`, each in their order. The bin `missing` (-1: none) goes left where `missingLeft`. Returns how many went left. Both lists need room for one
   * more row than they get.
   */
  partBytes(
    bins: number,
    stride: number,
    bin: number,
    missing: number,
    missingLeft: boolean,
    rows: number,
    count: number,
    left: number,
    right: number,
  ): number;
  partWords: RowKernels['partBytes'];
  /**
   * Writes the bin of each float32 at `values` to `to + i * stride`: how many of the 256 ascending int32 keys are below its own (float-key.ts); behind them stand every
   * 16th. At most 255 keys may be below any value. NaN goes to the bin `missing`.
   */
  binBytes(values: number, count: number, keys: number, missing: number, to: number, stride: number): void;
  binWords: RowKernels['binBytes'];
}

const compiled = new Map<string, WebAssembly.Module>();

/** The functions of a compiled kernel file over a shared memory. */
export function loadKernels<K>(name: string, memory: WebAssembly.Memory): K {
  let module = compiled.get(name);
  if (!module)
    compiled.set(name, (module = new WebAssembly.Module(readFileSync(builtFile(`wasm/${name}.wasm`)))));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as K;
}
