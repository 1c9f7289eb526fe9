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

/** Values below `v` among the `count` sorted ones, behind which a NaN stands. */
// @ts-ignore: decorator
@inline function countBelow(sorted: usize, count: i32, v: f64): i32 {
  if (count > 64) return lowest(sorted, count, v);
  const bound = f64x2.splat(v);
  let found = i64x2.splat(0);
  for (let i = 0; i < count; i += 2) found = i64x2.sub(found, f64x2.lt(v128.load(sorted + ((<usize>i) << 3)), bound));
  return <i32>(i64x2.extract_lane(found, 0) + i64x2.extract_lane(found, 1));
}

/** Takes out the value at place p and puts v where place q is then. */
// @ts-ignore: decorator
@inline function replace(window: usize, p: i32, q: i32, v: f64): void {
  let k = p;
  for (; k + 2 <= q; k += 2) {
    const to = window + ((<usize>k) << 3);
    v128.store(to, v128.load(to, 8));
  }
  for (; k - 2 >= q; k -= 2) {
    const from = window + ((<usize>(k - 2)) << 3);
    v128.store(from, v128.load(from), 8);
  }
  if (k < q) put(window, k, at(window, k + 1));
  else if (k > q) put(window, k, at(window, k - 1));
  put(window, q, v);
}

/** Of each quantile, for so many values: place of the value below it, the share of the next one, and where results go. */
// @ts-ignore: decorator
@inline function placeQuantiles(places: usize, work: usize, quantiles: i32, count: i32): void {
  for (let k = 0; k < quantiles; k++) {
    const position = at(work, 2 * k) * <f64>(count - 1);
    const below = <i32>position;
    const share = position - <f64>below;
    const place = places + ((<usize>k) << 4);
    store<i32>(place, below);
    store<i32>(place, <i32>at(work, 2 * k + 1), 4);
    store<f64>(place, below + 1 < count ? share : 0, 8);
  }
}

export function sorted(x: usize, rank: usize, rankShare: usize, median: usize, quantiles: i32, n: i32, w: i32, work: usize): void {
  const window = work + ((<usize>quantiles) << 4);
  const places = window + ((<usize>(min<i32>(n, w) + 2)) << 3);
  const ranks = rank != 0 || rankShare != 0;
  let count: i32 = 0, placed: i32 = -1;
  put(window, 0, NaN);
  for (let i = 0; i < n; i++) {
    const v = at(x, i);
    let old: f64 = NaN;
    if (i >= w) old = at(x, i - w);
    let place: i32 = 0;
    if (old == old) {
      let p = countBelow(window, count, old);
      if (v == v) {
        // the old value leaves and the new one comes in one shift
        place = countBelow(window, count, v) - (old < v ? 1 : 0);
        replace(window, p, place, v);
      } else {
        // the NaN behind them moves as well
        for (; p < count; p++) put(window, p, at(window, p + 1));
        count--;
      }
    } else if (v == v) {
      place = countBelow(window, count, v);
      for (let p = ++count; p > place; p--) put(window, p, at(window, p - 1));
      put(window, place, v);
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
    if (count != placed) {
      placeQuantiles(places, work, quantiles, count);
      placed = count;
    }
    for (let k = 0; k < quantiles; k++) {
      const found = places + ((<usize>k) << 4);
      let result: f64 = NaN;
      if (count > 0) {
        const below = load<i32>(found);
        const share = load<f64>(found, 8);
        result = at(window, below);
        if (share != 0) result = result + (at(window, below + 1) - result) * share;
      }
      put(<usize>load<i32>(found, 4), i, result);
    }
  }
}
