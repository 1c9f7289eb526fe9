/**
 * The size from which on rows are always taken, so that `wanted` rows are taken on average where the others are taken with the chance size / threshold.
 * Reorders `sizes`. Source: catboost private/libs/algo/mvs.cpp `CalculateThreshold`.
 */
export function mvsThreshold(sizes: Float64Array, wanted: number): number {
  let begin = 0;
  let end = sizes.length;
  let smallSum = 0;
  let large = 0;
  for (;;) {
    const pivot = sizes[begin]!;
    const middleBegin = partition(sizes, begin, end, (x) => x < pivot);
    const middleEnd = partition(sizes, middleBegin, end, (x) => x <= pivot);
    let newSum = 0;
    for (let i = begin; i < middleBegin; i++) newSum += sizes[i]!;
    const newLarge = end - middleEnd;
    const equal = middleEnd - middleBegin;
    const expected = (smallSum + newSum) / pivot + large + newLarge + equal;
    if (expected > wanted) {
      if (middleEnd === end) return (smallSum + newSum + equal * pivot) / (wanted - large);
      smallSum += equal * pivot + newSum;
      begin = middleEnd;
    } else {
      if (middleBegin === begin) return smallSum / (wanted - large - equal - newLarge);
      large += newLarge + equal;
      end = middleBegin;
    }
  }
}

/** Moves what `first` holds for to the front; returns where the rest begins. */
function partition(x: Float64Array, from: number, to: number, first: (x: number) => boolean): number {
  let begin = from;
  let end = to;
  for (;;) {
    while (begin < end && first(x[begin]!)) begin++;
    while (begin < end && !first(x[end - 1]!)) end--;
    if (begin >= end) return begin;
    const swapped = x[begin]!;
    x[begin++] = x[--end]!;
    x[end] = swapped;
  }
}
