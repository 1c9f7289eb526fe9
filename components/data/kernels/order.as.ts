// asc: --importMemory
// Order statistics over windows: see order.ts for what they compute.

// @ts-ignore: decorator
@inline function at(p: usize, i: i32): f64 {
  return load<f64>(p + ((<usize>i) << 3));
}
// @ts-ignore: decorator
@inline function put(p: usize, i: i32, v: f64): void {
  store<f64>(p + ((<usize>i) << 3), v);
}
// @ts-ignore: decorator
@inline function slot(ring: usize, i: i32, mask: i32): i32 {
  return load<i32>(ring + ((<usize>(i & mask)) << 2));
}

/**
 * A ring of row numbers at `work`, as long as a power of two. Of equal values the place is that of the first; the value is that of the last,
 * which shows where 0 meets -0 only: then it is computed on its own.
 */
export function extreme(largest: i32, x: usize, value: usize, place: usize, n: i32, w: i32, work: usize): void {
  let size: i32 = 1;
  const need = (n < w ? n : w) + 1;
  while (size < need) size <<= 1;
  if (largest) {
    if (!place) values(x, value, n, w, work, size - 1, true);
    else if (places(x, value, place, n, w, work, size - 1, true) && value) values(x, value, n, w, work, size - 1, true);
  } else {
    if (!place) values(x, value, n, w, work, size - 1, false);
    else if (places(x, value, place, n, w, work, size - 1, false) && value) values(x, value, n, w, work, size - 1, false);
  }
}

// @ts-ignore: decorator
@inline function values(x: usize, out: usize, n: i32, w: i32, ring: usize, mask: i32, largest: bool): void {
  let head: i32 = 0, tail: i32 = 0;
  for (let i = 0; i < n; i++) {
    const v = at(x, i);
    if (head < tail && slot(ring, head, mask) <= i - w) head++;
    if (v == v) {
      while (head < tail) {
        const last = at(x, slot(ring, tail - 1, mask));
        if (largest ? last > v : last < v) break;
        tail--;
      }
      store<i32>(ring + ((<usize>(tail & mask)) << 2), i);
      tail++;
    }
    put(out, i, head == tail ? NaN : at(x, slot(ring, head, mask)));
  }
}

/** Returns whether a -0 was seen. */
// @ts-ignore: decorator
@inline function places(x: usize, out: usize, place: usize, n: i32, w: i32, ring: usize, mask: i32, largest: bool): bool {
  let head: i32 = 0, tail: i32 = 0, firstNaN: i32 = -1, lastNaN: i32 = -1;
  let minusZero = false;
  for (let i = 0; i < n; i++) {
    const v = at(x, i);
    const start = i >= w ? i - w + 1 : 0;
    if (head < tail && slot(ring, head, mask) < start) head++;
    if (v == v) {
      if (reinterpret<u64>(v) == 0x8000000000000000) minusZero = true;
      while (head < tail) {
        const last = at(x, slot(ring, tail - 1, mask));
        if (largest ? last >= v : last <= v) break;
        tail--;
      }
      store<i32>(ring + ((<usize>(tail & mask)) << 2), i);
      tail++;
    } else {
      lastNaN = i;
      if (firstNaN < 0) firstNaN = i;
    }
    if (firstNaN >= 0 && firstNaN < start) {
      firstNaN = -1;
      if (lastNaN >= start) {
        for (let j = start; j <= lastNaN; j++) {
          const u = at(x, j);
          if (u != u) {
            firstNaN = j;
            break;
          }
        }
      }
    }
    if (head == tail) {
      put(place, i, NaN);
      if (out) put(out, i, NaN);
    } else {
      const best = slot(ring, head, mask);
      put(place, i, <f64>((firstNaN >= start ? firstNaN : best) - start + 1));
      if (out) put(out, i, at(x, best));
    }
  }
  return minusZero;
}

/** Number of values below v among the `count` sorted ones. */
// @ts-ignore: decorator
@inline function lowest(sorted: usize, count: i32, v: f64): i32 {
  let from: usize = sorted;
  let length = count;
  while (length > 0) {
    const half = length >> 1;
    const middle = from + ((<usize>half) << 3);
    const below = load<f64>(middle) < v;
    from = below ? middle + 8 : from;
    length = below ? length - half - 1 : half;
  }
  return <i32>((from - sorted) >> 3);
}

export function sorted(x: usize, rank: usize, rankShare: usize, median: usize, quantiles: i32, n: i32, w: i32, work: usize): void {
  const window = work + ((<usize>quantiles) << 4);
  const ranks = rank != 0 || rankShare != 0;
  let count: i32 = 0;
  for (let i = 0; i < n; i++) {
    const v = at(x, i);
    let old: f64 = NaN;
    if (i >= w) old = at(x, i - w);
    let place: i32 = 0;
    if (old == old) {
      let p = lowest(window, count, old);
      if (v == v) {
        // the old value leaves and the new one comes in one shift
        if (v > old) {
          while (p + 1 < count) {
            const next = at(window, p + 1);
            if (!(next < v)) break;
            put(window, p, next);
            p++;
          }
        } else {
          while (p > 0) {
            const before = at(window, p - 1);
            if (before < v) break;
            put(window, p, before);
            p--;
          }
        }
        put(window, p, v);
        place = p;
      } else {
        count--;
        for (; p < count; p++) put(window, p, at(window, p + 1));
      }
    } else if (v == v) {
      let p = count;
      while (p > 0) {
        const before = at(window, p - 1);
        if (before < v) break;
        put(window, p, before);
        p--;
      }
      put(window, p, v);
      place = p;
      count++;
    }
    if (ranks) {
      let mean: f64 = NaN;
      if (v == v) {
        let to = place + 1;
        while (to < count && at(window, to) == v) to++;
        mean = <f64>(place + 1 + to) / 2;
      }
      if (rank) put(rank, i, mean);
      if (rankShare) put(rankShare, i, mean / <f64>count);
    }
    if (median) {
      let middle: f64 = NaN;
      if (count > 0) {
        const half = count >> 1;
        middle = count & 1 ? at(window, half) : (at(window, half) + at(window, half - 1)) / 2;
      }
      put(median, i, middle);
    }
    for (let k = 0; k < quantiles; k++) {
      let result: f64 = NaN;
      if (count > 0) {
        const position = at(work, 2 * k) * <f64>(count - 1);
        const below = <i32>position;
        result = at(window, below);
        const share = position - <f64>below;
        if (share != 0 && below + 1 < count) result = result + (at(window, below + 1) - result) * share;
      }
      put(<usize>at(work, 2 * k + 1), i, result);
    }
  }
}
