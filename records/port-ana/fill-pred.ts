/**
 * A copy in which each `<PRED>` is the prediction. Lists and plain mappings are copied; objects that are made already stay the same, and
 * nothing given is changed. A function that is called again gives a copy of its own.
 */
export function fillPred(tree: unknown, pred: unknown): unknown {
  if (tree === '<PRED>') return pred;
  if (Array.isArray(tree)) return tree.map((item) => fillPred(item, pred));
  if (typeof tree !== 'object' || tree === null) return tree;
  const prototype: unknown = Object.getPrototypeOf(tree);
  if (prototype !== Object.prototype && prototype !== null) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, fillPred(value, pred)]));
}
