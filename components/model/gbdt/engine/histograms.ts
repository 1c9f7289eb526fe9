import type { Engine } from './engine.ts';
import { Found } from './job.ts';

/**
 * Builds the histograms of this thread's groups over the rows of the smaller child and finds the best splits of both children.
 * args: address of the rows (0: all), their count, address of the pairs.
 */
export function buildHistograms(engine: Engine, args: Float64Array, rank: number): void {
  const { layout, shared, kernels } = engine;
  const [rows = 0, rowCount = 0, pairs = 0] = args;
  const { buffer } = shared.memory;
  const result = layout.results + rank * 2 * Found.size * 8;
  const found = new Float64Array(buffer, result, 2 * Found.size);
  for (const at of [0, Found.size]) {
    found[at + Found.gain] = Number.NEGATIVE_INFINITY;
    found[at + Found.column] = -1;
  }
  const active = new Uint8Array(buffer, layout.active, layout.features.length);
  for (const { at, width, first, count, owner, lanes, scratch, stage, wide } of layout.groups) {
    if (owner !== rank) continue;
    if (wide) {
      if (!active[first]) continue;
      kernels.addWide(at, rows, rowCount, pairs, scratch);
      kernels.finishFeatures(first, first + 1, scratch, layout.job, result);
      continue;
    }
    const places = new Uint16Array(buffer, lanes, count);
    let used = 0;
    for (let lane = 0; lane < count; lane++) if (active[first + lane]) places[used++] = lane;
    if (used === 0) continue;
    kernels.addHistograms(at, width, rows, rowCount, pairs, lanes, used, stage, scratch);
    kernels.finishFeatures(first, first + count, scratch, layout.job, result);
  }
}
