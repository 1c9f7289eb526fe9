import type { Engine } from './engine.ts';
import { Found } from './job.ts';

/**
 * Builds the histograms of this thread's groups over the rows of the smaller child and finds the best splits of both children.
 * args: address of the rows (0: all), their count, address of the pairs.
 */
export function buildHistograms(engine: Engine, args: Float64Array, rank: number): void {
  const { layout, shared, kernels } = engine;
  const [rows = 0, count = 0, pairs = 0] = args;
  const { buffer } = shared.memory;
  const scratch = layout.scratch + rank * layout.scratchStride;
  const result = layout.results + rank * 2 * Found.size * 8;
  const found = new Float64Array(buffer, result, 2 * Found.size);
  for (const at of [0, Found.size]) {
    found[at + Found.gain] = Number.NEGATIVE_INFINITY;
    found[at + Found.column] = -1;
  }
  const active = new Uint8Array(buffer, layout.active, layout.features.length);
  for (const group of layout.groups) {
    if (group.owner !== rank) continue;
    let any = 0;
    for (let f = group.first; f < group.first + group.count; f++) any |= active[f]!;
    if (!any) continue;
    kernels.addHistograms(group.width, group.at, rows, count, pairs, scratch);
    kernels.finishFeatures(group.first, group.first + group.count, scratch, layout.job, result);
    // rows have bin 0 where a group has no feature: the next group must find zeros there
    const rest = new Float64Array(buffer, scratch, group.width * 512);
    for (let k = group.count; k < group.width; k++) rest.fill(0, k * 512, k * 512 + 2);
  }
}
