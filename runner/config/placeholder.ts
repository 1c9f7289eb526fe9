/** A copy of `tree` in which each string that is a key of `values` is replaced by its value; nothing given is changed. */
export function fillPlaceholders(_tree: unknown, _values: ReadonlyMap<string, unknown>): unknown {
  throw new Error('under construction');
}
