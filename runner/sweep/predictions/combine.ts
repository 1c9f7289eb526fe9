import { denseColumn, denseValues, Panel, PanelIndex } from '../../../components/core/panel.ts';
import { rankInto } from '../../../components/core/rank.ts';

export type Combination = 'mean' | 'rank';

/**
 * One panel of several with a single column each: on each row the mean over those that have a value there. `rank`: of their ranks
 * within the day as shares in (0, 1], ties sharing their mean rank. NaN counts as missing; rows are all rows of any panel.
 */
export function combinePanels(panels: readonly Panel[], how: Combination, name: string): Panel {
  const [first] = panels;
  if (!first) throw new Error('nothing to combine');
  const index = unionIndex(panels.map((panel) => panel.index));
  const sum = new Float64Array(index.length);
  const count = new Int32Array(index.length);
  const places = placesOf(index);
  for (const panel of panels) {
    const column = panel.columns[0]!;
    const values = how === 'rank' ? rankedByDay(panel) : denseValues(column);
    const { times, offsets, instruments, codes } = panel.index;
    for (let t = 0; t < times.length; t++) {
      const day = places.get(times[t]!)!;
      for (let row = offsets[t]!; row < offsets[t + 1]!; row++) {
        if (Number.isNaN(values[row]!)) continue;
        const at = day.get(instruments[codes[row]!]!)!;
        sum[at]! += values[row]!;
        count[at]!++;
      }
    }
  }
  for (let i = 0; i < sum.length; i++) sum[i] = count[i] === 0 ? Number.NaN : sum[i]! / count[i]!;
  return new Panel(index, [denseColumn(null, name, sum)]);
}

/** Rows of any of the indexes, sorted by time and instrument. */
export function unionIndex(indexes: readonly PanelIndex[]): PanelIndex {
  const instruments = [...new Set(indexes.flatMap((index) => [...index.instruments]))].sort();
  const codeOf = new Map(instruments.map((name, code) => [name, code]));
  const days = new Map<number, Set<number>>();
  for (const { times, offsets, instruments: names, codes } of indexes)
    for (let t = 0; t < times.length; t++) {
      let day = days.get(times[t]!);
      if (!day) days.set(times[t]!, (day = new Set()));
      for (let row = offsets[t]!; row < offsets[t + 1]!; row++) day.add(codeOf.get(names[codes[row]!]!)!);
    }
  const times = Float64Array.from(days.keys()).sort();
  const offsets = new Int32Array(times.length + 1);
  const codes: number[] = [];
  for (const [t, time] of times.entries()) {
    codes.push(...[...days.get(time)!].sort((a, b) => a - b));
    offsets[t + 1] = codes.length;
  }
  return new PanelIndex(times, offsets, instruments, Int32Array.from(codes));
}

function placesOf({ times, offsets, instruments, codes }: PanelIndex): Map<number, Map<string, number>> {
  const places = new Map<number, Map<string, number>>();
  for (let t = 0; t < times.length; t++) {
    const day = new Map<string, number>();
    for (let row = offsets[t]!; row < offsets[t + 1]!; row++) day.set(instruments[codes[row]!]!, row);
    places.set(times[t]!, day);
  }
  return places;
}

function rankedByDay({ index, columns }: Panel): Float64Array {
  const values = Float64Array.from(denseValues(columns[0]!));
  const out = new Float64Array(values.length);
  for (let t = 0; t < index.times.length; t++) {
    const [from, to] = [index.offsets[t]!, index.offsets[t + 1]!];
    const present = rankInto(values, out, from, to);
    for (let row = from; row < to; row++) out[row]! /= present;
  }
  return out;
}
