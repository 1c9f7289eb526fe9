type Less = (a: number, b: number) => boolean;

/** Runs that are sorted by insertion. */
const run = 7;

/**
 * Sorts in place in the steps of GNU's `std::stable_sort`. For an order it is any stable sort; where `less` is none, because values are not a number,
 * the result is still LightGBM's.
 */
export function mergeSort(list: number[], less: Less): void {
  const middle = Math.trunc((list.length + 1) / 2);
  if (list.length <= 1) return;
  const first = sortedByRuns(list.slice(0, middle), less);
  const second = sortedByRuns(list.slice(middle), less);
  const merged =
    first.length <= second.length ? merge(first, second, less) : mergeFromEnd(first, second, less);
  for (const [i, x] of merged.entries()) list[i] = x;
}

function sortedByRuns(list: number[], less: Less): number[] {
  let from: number[] = [];
  for (let at = 0; at < list.length; at += run) from.push(...inserted(list.slice(at, at + run), less));
  for (let step = run; step < list.length; step *= 2) {
    const to: number[] = [];
    for (let at = 0; at < from.length; at += 2 * step)
      to.push(...merge(from.slice(at, at + step), from.slice(at + step, at + 2 * step), less));
    from = to;
  }
  return from;
}

function inserted(list: number[], less: Less): number[] {
  for (let i = 1; i < list.length; i++) {
    const x = list[i]!;
    let at = i;
    if (less(x, list[0]!)) at = 0;
    else while (less(x, list[at - 1]!)) at--;
    list.copyWithin(at + 1, at, i);
    list[at] = x;
  }
  return list;
}

function merge(first: readonly number[], second: readonly number[], less: Less): number[] {
  const out: number[] = [];
  let [i, j] = [0, 0];
  while (i < first.length && j < second.length)
    out.push(less(second[j]!, first[i]!) ? second[j++]! : first[i++]!);
  return [...out, ...first.slice(i), ...second.slice(j)];
}

function mergeFromEnd(first: readonly number[], second: readonly number[], less: Less): number[] {
  const out: number[] = [];
  let [i, j] = [first.length - 1, second.length - 1];
  while (i >= 0 && j >= 0) out.push(less(second[j]!, first[i]!) ? first[i--]! : second[j--]!);
  return [...first.slice(0, i + 1), ...second.slice(0, j + 1), ...out.reverse()];
}
