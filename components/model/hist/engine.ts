import { floatKey, highestKey } from '../gbdt/engine/float-key.ts';
import type { FeatureColumn } from '../gbdt/index.ts';
import { loadKernels, type RowKernels } from './kernels.ts';
import { type Binning, type Layout, type LayoutSpec, makeLayout } from './layout.ts';

/** What the threads of one training share. */
export interface HistShared {
  readonly memory: WebAssembly.Memory;
  readonly spec: LayoutSpec;
  readonly columns: readonly FeatureColumn[];
}

/** One thread's view of the shared memory, and what it does with its features. */
export class HistEngine {
  readonly shared: HistShared;
  readonly layout: Layout;
  readonly kernels: RowKernels;

  constructor(shared: HistShared) {
    this.shared = shared;
    this.layout = makeLayout(shared.spec);
    this.kernels = loadKernels<RowKernels>('hist-rows', shared.memory);
  }

  get memory(): WebAssembly.Memory {
    return this.shared.memory;
  }

  get rows(): Uint32Array {
    return new Uint32Array(this.memory.buffer, this.layout.rows, this.shared.spec.length);
  }

  get pairs(): Float32Array {
    return new Float32Array(this.memory.buffer, this.layout.pairs, 2 * this.shared.spec.length);
  }

  slotAt(slot: number): number {
    return this.layout.slots + slot * this.layout.slotBytes;
  }

  /** A feature's histogram: (gradient, hessian) a bin. */
  histogram(slot: number, feature: number): Float64Array {
    const { offset, bins } = this.layout.features[feature]!;
    return new Float64Array(this.memory.buffer, this.slotAt(slot) + offset, 2 * bins);
  }

  /** Bins the columns of a thread. */
  bin(rank: number): void {
    const { memory, spec, columns } = this.shared;
    for (const { owner, features, offsets } of this.layout.groups) {
      if (owner !== rank) continue;
      const places = features.map((f) => this.layout.features[f]!.offset);
      new Uint32Array(memory.buffer, offsets, features.length).set(places);
      for (const f of features) this.#binColumn(columns[f]!, spec.binnings[f]!, f, rank);
    }
  }

  /** Fills a thread's part of the histogram `slot` from `rows[from .. to)`; what it sums is taken off the histogram `parent` (-1: none). */
  build(rank: number, slot: number, from: number, to: number, parent: number): void {
    const { layout, kernels } = this;
    const at = this.slotAt(slot);
    for (const group of layout.groups) {
      if (group.owner !== rank) continue;
      new Float64Array(this.memory.buffer, at + group.first, 2 * group.entries).fill(0);
      const add = group.wide ? kernels.addWords : kernels.addBytes;
      const { width, offsets, features, stage } = group;
      add(
        group.at,
        width,
        layout.rows + 4 * from,
        to - from,
        layout.pairs,
        offsets,
        features.length,
        stage,
        at,
      );
      if (parent >= 0) kernels.subtract(this.slotAt(parent) + group.first, at + group.first, group.entries);
    }
  }

  /** Parts `rows[from .. to)` by a feature: left ones to `rows[left ..]`, right ones to the spare list from `right` on. Returns how many went left. */
  part(
    feature: number,
    bin: number,
    missing: { readonly bin: number; readonly left: boolean },
    span: { readonly from: number; readonly to: number; readonly left: number; readonly right: number },
  ): number {
    const { layout, kernels } = this;
    const { at, stride, wide } = layout.features[feature]!;
    return (wide ? kernels.partWords : kernels.partBytes)(
      at,
      stride,
      bin,
      missing.bin,
      missing.left,
      layout.rows + 4 * span.from,
      span.to - span.from,
      layout.rows + 4 * span.left,
      layout.spare + 4 * span.right,
    );
  }

  /** Copies the first `count` rows of the spare list to `rows[to ..]`. */
  takeSpare(to: number, count: number): void {
    const { rows, spare } = this.layout;
    new Uint8Array(this.memory.buffer).copyWithin(rows + 4 * to, spare, spare + 4 * count);
  }

  /** Values are copied in pieces to the rows' spare list, keys to the stage of the thread's group; neither is in use yet. */
  #binColumn({ values, rows }: FeatureColumn, binning: Binning, feature: number, rank: number): void {
    const { buffer } = this.memory;
    const { at, stride, wide } = this.layout.features[feature]!;
    const { length } = this.shared.spec;
    const { thresholds, reaches, missing } = binning;
    if (thresholds.length > 255) {
      const out = new Uint16Array(buffer, at);
      for (let i = 0; i < length; i++)
        out[(i * stride) / 2] = binOf(Math.fround(values[rows ? rows[i]! : i]!), binning);
      return;
    }
    const stage = this.layout.groups.find(({ owner }) => owner === rank)!.stage;
    const keys = new Int32Array(buffer, stage, 272).fill(highestKey);
    for (const [i, threshold] of thresholds.entries()) keys[i] = keyOf(threshold, reaches);
    for (let i = 0; i < 16; i++) keys[256 + i] = keys[16 * i + 15]!;
    const piece = new Float32Array(buffer, stage + 1088, pieceRows);
    const bin = wide ? this.kernels.binWords : this.kernels.binBytes;
    for (let from = 0; from < length; from += pieceRows) {
      const count = Math.min(pieceRows, length - from);
      if (rows) for (let i = 0; i < count; i++) piece[i] = values[rows[from + i]!]!;
      else piece.set(values.subarray(from, from + count));
      bin(stage + 1088, count, stage, missing, at + from * stride, stride);
    }
  }
}

/** Values binned at a time; with the keys they fit into the smallest stage. */
const pieceRows = 4096;

/** The bin of a float32. */
export function binOf(value: number, { thresholds, reaches, missing }: Binning): number {
  if (Number.isNaN(value)) return missing;
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const threshold = thresholds[middle]!;
    if (reaches ? threshold <= value : threshold < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The key that is below those of exactly the values that are above a threshold (`reaches`: not below it); -0 is 0. */
function keyOf(threshold: number, reaches: boolean): number {
  float[0] = threshold;
  if (threshold === 0) return reaches ? -2 : 0;
  const key = floatKey(bits[0]!);
  return reaches ? key - 1 : key;
}
