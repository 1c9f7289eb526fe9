import { readFileSync } from 'node:fs';
import { builtFile } from '../../core/package-root.ts';

type Kernel = (x: number, out: number, p: number, pad: number, rows: number) => void;

let compiled: WebAssembly.Module | undefined;

/**
 * Sums X'X block by block. `single`: in float32 with fused multiply-add, one running sum an entry and block, then one addition (each
 * as exact as float64 carries it, then rounded); otherwise in float64. Kernel: ./gram.as.ts.
 */
export class GramSum {
  /** Rows of the next block: row i at `i · pad`, `(blockRows, pad)`. */
  readonly block: Float64Array;
  /** Columns of a row, p rounded up to a multiple of 8; those beyond p stay 0. */
  readonly pad: number;
  readonly #sums: Float64Array;
  readonly #add: Kernel;

  constructor(
    readonly p: number,
    blockRows: number,
    single: boolean,
  ) {
    this.pad = Math.ceil(p / 8) * 8;
    const cells = this.pad * (blockRows + p);
    const pages = Math.ceil((cells * 8) / 65536);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    compiled ??= new WebAssembly.Module(readFileSync(builtFile('wasm/gram.wasm')));
    const { addSingle, addDouble } = new WebAssembly.Instance(compiled, { env: { memory } }).exports;
    this.#add = (single ? addSingle : addDouble) as Kernel;
    this.block = new Float64Array(memory.buffer, 0, this.pad * blockRows);
    this.#sums = new Float64Array(memory.buffer, this.pad * blockRows * 8, this.pad * p);
  }

  /** Adds the first `rows` rows of `block`. */
  add(rows: number): void {
    this.#add(0, this.#sums.byteOffset, this.p, this.pad, rows);
  }

  /** The whole symmetric matrix, `(p, p)`. */
  matrix(): Float64Array {
    const { p, pad } = this;
    const out = new Float64Array(p * p);
    for (let i = 0; i < p; i++)
      for (let j = i; j < p; j++) {
        const value = this.#sums[i * pad + j]!;
        out[i * p + j] = value;
        out[j * p + i] = value;
      }
    return out;
  }
}
