import type { PanelIndex } from '../../core/panel.ts';

/** Calls `work` with the rows [from, to) of each time of the index, in order. */
export function eachDay({ times, offsets }: PanelIndex, work: (from: number, to: number) => void): void {
  for (let t = 0; t < times.length; t++) work(offsets[t]!, offsets[t + 1]!);
}
