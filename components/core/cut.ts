/**
 * Numbers of the equal-width bins that pandas' `cut(x, bins)` puts values into: bin b holds `edges[b] < x <= edges[b + 1]`; -1 for NaN. The lowest edge
 * is a thousandth of the range below the minimum. Source: pandas core/reshape/tile.py.
 */
export function cut(x: ArrayLike<number>, bins: number): Int32Array {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < x.length; i++) {
    if (x[i]! < min) min = x[i]!;
    if (x[i]! > max) max = x[i]!;
  }
  const edges = edgesOf(min, max, bins);
  const out = new Int32Array(x.length).fill(-1);
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]!)) continue;
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (edges[middle]! < x[i]!) low = middle + 1;
      else high = middle;
    }
    out[i] = low - 1;
  }
  return out;
}

function edgesOf(min: number, max: number, bins: number): Float64Array {
  if (min === max) {
    const margin = min === 0 ? 0.001 : 0.001 * Math.abs(min);
    return linspace(min - margin, max + margin, bins);
  }
  const edges = linspace(min, max, bins);
  edges[0] = edges[0]! - (max - min) * 0.001;
  return edges;
}

/** numpy `linspace(start, stop, steps + 1)`. */
function linspace(start: number, stop: number, steps: number): Float64Array {
  const step = (stop - start) / steps;
  const out = Float64Array.from({ length: steps + 1 }, (_, i) => i * step + start);
  out[steps] = stop;
  return out;
}
