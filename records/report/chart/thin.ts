/**
 * Indices of the points to draw: all up to `most`, else the first, the last, and of each stretch those where a series is least and greatest,
 * so that no peak is lost.
 */
export function drawnPoints(series: readonly ArrayLike<number>[], most = 1000): Uint32Array {
  const n = series[0]?.length ?? 0;
  if (n <= most) return Uint32Array.from({ length: n }, (_, i) => i);
  const chosen = new Set([0, n - 1]);
  const stretch = (n * 2 * series.length) / most;
  for (let from = 0; from < n; from += stretch) {
    const begin = Math.floor(from);
    const end = Math.min(n, Math.floor(from + stretch));
    for (const values of series) {
      let [least, greatest] = [begin, begin];
      for (let i = begin; i < end; i++) {
        if (!(values[i]! >= values[least]!)) least = i;
        if (!(values[i]! <= values[greatest]!)) greatest = i;
      }
      chosen.add(least).add(greatest);
    }
  }
  return Uint32Array.from(chosen).sort();
}
