import type { Values } from '../../../core/panel.ts';
import { type BinMapper, binOf } from '../bins/bin-mapper.ts';
import { type BinRules, findBins } from '../bins/find-bins.ts';
import { missingNaN } from '../constants.ts';
import { fillBinTable, tableBytes } from './bin-rows.ts';
import { gather, sampleBytes, sampleView, sortSample } from './find-column-bins.ts';
import { type Kernels, wasmKernels } from './kernels.ts';

/** A numerical column to be binned, on shared memory. */
export interface BinColumnJob {
  readonly values: Values;
  /** The bins; or the rows that they are found from, and how. */
  readonly mapper: BinMapper | { readonly sampleRows: Uint32Array; readonly rules: BinRules };
  /** Gets the bin of every value; untouched where the mapper is trivial. */
  readonly out: Uint8Array;
}

/** Values binned at a time. */
const chunk = 8192;
const firstFree = 65_536;

/** Finds the bins of a column as `train` does, unless they are given, and puts every value into its bin. The worker task `gbdt-bin`. */
export function binColumn({ values, mapper: given, out }: BinColumnJob): BinMapper {
  const sampled = 'sampleRows' in given ? given.sampleRows.length : 0;
  const bytes = firstFree + Math.max(sampleBytes(sampled), tableBytes + 5 * chunk);
  const memory = new WebAssembly.Memory({
    initial: Math.ceil(bytes / 65_536),
    maximum: 65_536,
    shared: true,
  });
  const kernels = wasmKernels(memory);
  const mapper = 'sampleRows' in given ? mapperOf(values, given, memory, kernels) : given;
  if (mapper.trivial) return mapper;
  if (values instanceof Float32Array) binFloats(values, mapper, out, memory, kernels);
  else for (let i = 0; i < values.length; i++) out[i] = binOf(mapper, values[i]!);
  return mapper;
}

function mapperOf(
  values: Values,
  { sampleRows, rules }: { readonly sampleRows: Uint32Array; readonly rules: BinRules },
  memory: WebAssembly.Memory,
  kernels: Kernels,
): BinMapper {
  const rows = sampleRows.length;
  const sample = sampleView(values, memory.buffer, firstFree, rows);
  const { count, nanRows } = gather({ values, rows: null }, sampleRows, rows, sample);
  const { sorted, space } = sortSample(sample, count, kernels);
  return findBins({ sorted, nanRows, rows, space }, rules);
}

function binFloats(
  values: Float32Array,
  mapper: BinMapper,
  out: Uint8Array,
  memory: WebAssembly.Memory,
  kernels: Kernels,
): void {
  const table = firstFree;
  const stage = table + Math.ceil(tableBytes / 64) * 64;
  const staged = new Float32Array(memory.buffer, stage, chunk);
  const bins = new Uint8Array(memory.buffer, stage + 4 * chunk, chunk);
  fillBinTable(memory.buffer, table, mapper);
  const nanBin = mapper.missing === missingNaN ? mapper.upperBounds.length - 1 : mapper.defaultBin;
  for (let from = 0; from < values.length; from += chunk) {
    const count = Math.min(chunk, values.length - from);
    staged.set(values.subarray(from, from + count));
    kernels.binFloats(stage, count, table, nanBin, bins.byteOffset, 1);
    out.set(bins.subarray(0, count), from);
  }
}
