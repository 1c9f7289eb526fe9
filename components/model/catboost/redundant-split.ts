/**
 * The first split of a symmetric tree that parts no rows: of each two leaves that differ in it alone one is empty. -1 where there is none. Leaf k of `isEmpty`
 * is on the right of split s where bit s of k is set.
 */
export function redundantSplit(isEmpty: readonly boolean[]): number {
  for (let s = 0; 2 ** s < isEmpty.length; s++) {
    const bit = 1 << s;
    if (isEmpty.every((empty, k) => (k & bit) !== 0 || empty || isEmpty[k ^ bit])) return s;
  }
  return -1;
}
