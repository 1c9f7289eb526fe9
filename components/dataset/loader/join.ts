import { allocate, Panel, type PanelColumn, PanelIndex, type Values } from '../../core/panel.ts';

export type Join = 'inner' | 'outer' | 'left' | 'right';

/**
 * Panels side by side over the rows of the first (`left`), of the last (`right`), of all (`inner`) or of any (`outer`); missing
 * cells are NaN. Panels over equal rows share their storage. pandas `concat(axis=1, join=...)`.
 */
export function joinPanels(panels: readonly Panel[], how: Join): Panel {
  const [first] = panels;
  if (!first) throw new Error('no panels to join');
  if (panels.every((p) => p === first || sameRows(p.index, first.index)))
    return new Panel(
      first.index,
      panels.flatMap((p) => p.columns),
    );
  const instruments = [...new Set(panels.flatMap((p) => p.index.instruments))].sort(byCodeUnit);
  const codeOf = new Map(instruments.map((name, code) => [name, code]));
  const keys = panels.map((p) => rowKeys(p.index, codeOf, instruments.length));
  const index = indexOfKeys(joinKeys(keys, how), panels, instruments);
  const columns = panels.flatMap((p, i) => {
    const places = placesOf(index.keys, keys[i]!);
    return p.columns.map((c) => realign(c, places));
  });
  return new Panel(index.index, columns);
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sameRows(a: PanelIndex, b: PanelIndex): boolean {
  if (a.length !== b.length || a.times.length !== b.times.length) return false;
  for (let t = 0; t < a.times.length; t++)
    if (a.times[t] !== b.times[t] || a.offsets[t + 1] !== b.offsets[t + 1]) return false;
  for (let row = 0; row < a.length; row++)
    if (a.instruments[a.codes[row]!] !== b.instruments[b.codes[row]!]) return false;
  return true;
}

/** One ascending number a row: days are times in ms, far below 2^53 / instruments only as minutes, hence the unit. */
function rowKeys(index: PanelIndex, codeOf: ReadonlyMap<string, number>, count: number): Float64Array {
  const keys = new Float64Array(index.length);
  const codes = index.instruments.map((name) => codeOf.get(name)!);
  index.times.forEach((time, t) => {
    for (let row = index.offsets[t]!; row < index.offsets[t + 1]!; row++)
      keys[row] = (time / 1000) * count + codes[index.codes[row]!]!;
  });
  return keys;
}

function joinKeys(keys: readonly Float64Array[], how: Join): Float64Array {
  if (how === 'left') return keys[0]!;
  if (how === 'right') return keys[keys.length - 1]!;
  return keys.reduce((a, b) => merged(a, b, how === 'inner'));
}

/** The keys that are in both lists, or in any; ascending, as these are. */
function merged(a: Float64Array, b: Float64Array, inBoth: boolean): Float64Array {
  const out = new Float64Array(inBoth ? Math.min(a.length, b.length) : a.length + b.length);
  let count = 0;
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const x = i < a.length ? a[i]! : Number.POSITIVE_INFINITY;
    const y = j < b.length ? b[j]! : Number.POSITIVE_INFINITY;
    if (x === y || !inBoth) out[count++] = Math.min(x, y);
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return out.slice(0, count);
}

function indexOfKeys(
  keys: Float64Array,
  panels: readonly Panel[],
  instruments: readonly string[],
): { index: PanelIndex; keys: Float64Array } {
  const times = new Set<number>();
  for (const p of panels) for (const time of p.index.times) times.add(time);
  const sorted = Float64Array.from(times).sort();
  const codes = new Int32Array(new SharedArrayBuffer(keys.length * 4));
  const kept: number[] = [];
  const offsets = [0];
  let row = 0;
  for (const time of sorted) {
    const base = (time / 1000) * instruments.length;
    const start = row;
    while (row < keys.length && keys[row]! < base + instruments.length) {
      codes[row] = Math.round(keys[row]! - base);
      row++;
    }
    if (row === start) continue;
    kept.push(time);
    offsets.push(row);
  }
  return {
    index: new PanelIndex(Float64Array.from(kept), Int32Array.from(offsets), instruments, codes),
    keys,
  };
}

/** Row of each wanted key among the ascending `keys`; -1 where it is missing. */
function placesOf(wanted: Float64Array, keys: Float64Array): Int32Array {
  const places = new Int32Array(wanted.length).fill(-1);
  for (let i = 0, row = 0; i < wanted.length; i++) {
    while (row < keys.length && keys[row]! < wanted[i]!) row++;
    if (row < keys.length && keys[row] === wanted[i]) places[i] = row;
  }
  return places;
}

function realign(column: PanelColumn, places: Int32Array): PanelColumn {
  const { values, rows } = column;
  const out: Values = allocate(values instanceof Float32Array ? 'f32' : 'f64', places.length);
  for (let i = 0; i < places.length; i++) {
    const row = places[i]!;
    out[i] = row < 0 ? Number.NaN : values[rows ? rows[row]! : row]!;
  }
  return { ...column, values: out, rows: null };
}
