/** The times of both, ascending, each once; `known` itself where it has them all. */
export function unionOfTimes(known: Float64Array, more: Float64Array): Float64Array {
  let missing = 0;
  for (let i = 0, k = 0; i < more.length; i++) {
    while (k < known.length && known[k]! < more[i]!) k++;
    if (known[k] !== more[i]) missing++;
  }
  if (missing === 0) return known;
  const out = new Float64Array(known.length + missing);
  let i = 0;
  let k = 0;
  for (let at = 0; at < out.length; at++) {
    const a = k < known.length ? known[k]! : Number.POSITIVE_INFINITY;
    const b = i < more.length ? more[i]! : Number.POSITIVE_INFINITY;
    out[at] = Math.min(a, b);
    if (a <= b) k++;
    if (b <= a) i++;
  }
  return out;
}
