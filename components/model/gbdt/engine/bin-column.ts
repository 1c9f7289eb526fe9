import type { Values } from '../../../core/panel.ts';
import { type BinMapper, binOf } from '../bins/bin-mapper.ts';
import { type BinRules, findBins } from '../bins/find-bins.ts';
import { missingNaN } from '../constants.ts';
import { fillBinTable, tableBytes } from './bin-rows.ts';
import { gather, sampleBytes, sampleView, sortSample } from './find-column-bins.ts';
import { type Kernels, wasmKernels } from './kernels.ts';
import { firstFree } from './layout.ts';
import { ValueStage } from './stage-values.ts';

/** A numerical column to be binned, on shared memory. */
export interface ColumnToBin {
  /** The bins; or the values and rows that they are found from, and how. */
  readonly mapper: BinMapper | BinsToFind;
  /** What is put into bins; untouched where the mapper is trivial. */
  readonly sets: readonly RowsToBin[];
}

export interface BinsToFind {
  readonly values: Values;
  readonly sampleRows: Uint32Array;
  readonly rules: BinRules;
}

/** Visible row `from + i` of a column, which is `values[rows ? rows[from + i] : from + i]`, goes to `out[i]`. */
export interface RowsToBin {
  readonly values: Values;
  readonly rows: Uint32Array | null;
  readonly from: number;
  readonly out: Uint8Array;
}

/** Work that any number of threads do together, each taking the next columns. */
export interface BinJob {
  readonly columns: readonly ColumnToBin[];
  readonly next: Int32Array;
}

/** Values binned at a time. */
const chunk = 8192;

/**
 * Finds the bins of columns as `train` does, unless they are given, and puts values into them, until none is left. The worker task `gbdt-bin`. Returns the
 * mappers of the columns done, by index.
 */
export function binColumns({ columns, next }: BinJob): (readonly [number, BinMapper])[] {
  const done: [number, BinMapper][] = [];
  const longest = Math.max(
    0,
    ...columns.map(({ mapper }) => ('sampleRows' in mapper ? mapper.sampleRows.length : 0)),
  );
  const bytes = firstFree + Math.max(sampleBytes(longest), Math.ceil(tableBytes / 64) * 64 + 5 * chunk);
  const memory = new WebAssembly.Memory({
    initial: Math.ceil(bytes / 65_536),
    maximum: 65_536,
    shared: true,
  });
  const binner = new Binner(memory, wasmKernels(memory));
  for (let i = Atomics.add(next, 0, 1); i < columns.length; i = Atomics.add(next, 0, 1)) {
    const { mapper: given, sets } = columns[i]!;
    const mapper = 'sampleRows' in given ? binner.find(given) : given;
    if (!mapper.trivial) for (const set of sets) binner.bin(set, mapper);
    done.push([i, mapper]);
  }
  return done;
}

class Binner {
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #stageAt = firstFree + Math.ceil(tableBytes / 64) * 64;
  readonly #stage: ValueStage;

  constructor(memory: WebAssembly.Memory, kernels: Kernels) {
    this.#memory = memory;
    this.#kernels = kernels;
    this.#stage = new ValueStage(new Float32Array(memory.buffer, this.#stageAt, chunk));
  }

  find({ values, sampleRows, rules }: BinsToFind): BinMapper {
    const rows = sampleRows.length;
    const sample = sampleView(values, this.#memory.buffer, firstFree, rows);
    const { count, nanRows } = gather({ values, rows: null }, sampleRows, rows, sample);
    const { sorted, space } = sortSample(sample, count, this.#kernels);
    return findBins({ sorted, nanRows, rows, space }, rules);
  }

  bin({ values, rows, from, out }: RowsToBin, mapper: BinMapper): void {
    if (values instanceof Float32Array) {
      this.#binFloats({ values, rows, from, out }, mapper);
      return;
    }
    for (let i = 0; i < out.length; i++) out[i] = binOf(mapper, values[rows ? rows[from + i]! : from + i]!);
  }

  #binFloats({ values, rows, from, out }: RowsToBin, mapper: BinMapper): void {
    const { buffer } = this.#memory;
    const bins = new Uint8Array(buffer, this.#stageAt + 4 * chunk, chunk);
    fillBinTable(buffer, firstFree, mapper);
    const nanBin = mapper.missing === missingNaN ? mapper.upperBounds.length - 1 : mapper.defaultBin;
    for (let start = 0; start < out.length; start += chunk) {
      const count = Math.min(chunk, out.length - start);
      this.#stage.copy({ values, rows }, from + start, from + start + count);
      this.#kernels.binFloats(this.#stageAt, count, firstFree, nanBin, bins.byteOffset, 1);
      out.set(bins.subarray(0, count), start);
    }
  }
}
