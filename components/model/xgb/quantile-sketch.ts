const round = Math.fround;

/** Entries (value, least rank, greatest rank, weight) of a weighted quantile summary, all float32 as XGBoost holds them. */
export class Summary {
  readonly value: Float32Array;
  readonly rmin: Float32Array;
  readonly rmax: Float32Array;
  readonly weight: Float32Array;
  size = 0;

  constructor(room: number) {
    this.value = new Float32Array(room);
    this.rmin = new Float32Array(room);
    this.rmax = new Float32Array(room);
    this.weight = new Float32Array(room);
  }

  /** Entries of values in ascending order; equal ones become one. */
  static ofSorted(values: Float32Array, weights: Float32Array): Summary {
    const out = new Summary(values.length);
    let sum = 0;
    for (let i = 0; i < values.length; ) {
      let weight = weights[i]!;
      let j = i + 1;
      for (; j < values.length && values[j] === values[i]; j++) weight = round(weight + weights[j]!);
      out.push(values[i]!, sum, round(sum + weight), weight);
      sum = round(sum + weight);
      i = j;
    }
    return out;
  }

  push(value: number, rmin: number, rmax: number, weight: number): void {
    const at = this.size++;
    this.value[at] = value;
    this.rmin[at] = rmin;
    this.rmax[at] = rmax;
    this.weight[at] = weight;
  }

  /** At most `most` entries at about equal ranks. */
  pruned(most: number): Summary {
    if (this.size <= most) return this;
    const out = new Summary(most);
    const { rmin, rmax } = this;
    const last = this.size - 1;
    const begin = rmax[0]!;
    const range = round(rmin[last]! - begin);
    const n = most - 1;
    let kept = 0;
    out.#copy(this, 0);
    let i = 1;
    for (let k = 1; k < n; k++) {
      const twice = round(2 * round(round(round(k * range) / n) + begin));
      while (i < last && twice >= round(rmax[i + 1]! + rmin[i + 1]!)) i++;
      if (i === last) break;
      const at = twice < round(this.#rminNext(i) + this.#rmaxPrev(i + 1)) ? i : i + 1;
      if (at === kept) continue;
      out.#copy(this, at);
      kept = at;
    }
    if (kept !== last) out.#copy(this, last);
    return out;
  }

  /** Both summaries as one. */
  combined(b: Summary): Summary {
    if (this.size === 0) return b;
    if (b.size === 0) return this;
    const out = new Summary(this.size + b.size);
    let i = 0;
    let j = 0;
    let beforeA = 0;
    let beforeB = 0;
    while (i < this.size && j < b.size) {
      const x = this.value[i]!;
      const y = b.value[j]!;
      if (x === y) {
        out.push(x, this.rmin[i]! + b.rmin[j]!, this.rmax[i]! + b.rmax[j]!, this.weight[i]! + b.weight[j]!);
        beforeA = this.#rminNext(i++);
        beforeB = b.#rminNext(j++);
      } else if (x < y) {
        out.push(x, this.rmin[i]! + beforeB, this.rmax[i]! + b.#rmaxPrev(j), this.weight[i]!);
        beforeA = this.#rminNext(i++);
      } else {
        out.push(y, b.rmin[j]! + beforeA, b.rmax[j]! + this.#rmaxPrev(i), b.weight[j]!);
        beforeB = b.#rminNext(j++);
      }
    }
    for (; i < this.size; i++)
      out.push(this.value[i]!, this.rmin[i]! + beforeB, this.rmax[i]! + b.rmax[b.size - 1]!, this.weight[i]!);
    for (; j < b.size; j++)
      out.push(b.value[j]!, b.rmin[j]! + beforeA, b.rmax[j]! + this.rmax[this.size - 1]!, b.weight[j]!);
    out.#fix();
    return out;
  }

  /** Rounding may have broken the order of ranks. */
  #fix(): void {
    let least = 0;
    let greatest = 0;
    for (let i = 0; i < this.size; i++) {
      if (this.rmin[i]! < least) this.rmin[i] = least;
      else least = this.rmin[i]!;
      if (this.rmax[i]! < greatest) this.rmax[i] = greatest;
      const next = this.#rminNext(i);
      if (this.rmax[i]! < next) this.rmax[i] = next;
      greatest = this.rmax[i]!;
    }
  }

  #rminNext(i: number): number {
    return round(this.rmin[i]! + this.weight[i]!);
  }

  #rmaxPrev(i: number): number {
    return round(this.rmax[i]! - this.weight[i]!);
  }

  #copy(from: Summary, at: number): void {
    this.push(from.value[at]!, from.rmin[at]!, from.rmax[at]!, from.weight[at]!);
  }
}

/**
 * XGBoost's weighted quantile sketch: values come in the order of the rows, wait in a queue, and are summarised level by level. Source:
 * Chen and Guestrin 2016, appendix; XGBoost 3.2 `WQuantileSketch` (src/common/quantile.h).
 */
export class QuantileSketch {
  readonly #limit: number;
  readonly #values: Float32Array;
  readonly #weights: Float32Array;
  readonly #keys: BigUint64Array;
  #queued = 0;
  readonly #levels: (Summary | null)[] = [];

  /** `count`: how many values will come. */
  constructor(count: number, eps: number) {
    let level = 1;
    let limit = 0;
    for (; ; level++) {
      limit = Math.min(count, Math.ceil(level / eps) + 1);
      if (2 ** level * limit >= count) break;
    }
    this.#limit = limit;
    this.#values = new Float32Array(2 * limit);
    this.#weights = new Float32Array(2 * limit);
    this.#keys = new BigUint64Array(2 * limit);
  }

  push(value: number, weight: number): void {
    if (weight === 0) return;
    const before = this.#queued - 1;
    if (before >= 0 && this.#values[before] === value) {
      this.#weights[before]! += weight;
      return;
    }
    if (this.#queued === this.#values.length) this.#rise(this.#emptyQueue());
    this.#values[this.#queued] = value;
    this.#weights[this.#queued++] = weight;
  }

  summary(): Summary {
    let out = this.#emptyQueue();
    if (this.#levels.length === 0) return out.pruned(this.#limit);
    out = out.pruned(this.#limit);
    for (const level of this.#levels) if (level) out = out.combined(level).pruned(this.#limit);
    return out;
  }

  #emptyQueue(): Summary {
    const count = this.#queued;
    this.#queued = 0;
    const bits = new Uint32Array(this.#values.buffer);
    // whole numbers sort fast: above the keys of the values, below their places, so that equal values keep their order
    const packed = new Uint32Array(this.#keys.buffer);
    for (let i = 0; i < count; i++) {
      const b = this.#values[i] === 0 ? 0 : bits[i]!;
      packed[2 * i] = i;
      packed[2 * i + 1] = b & 0x80000000 ? ~b : b | 0x80000000;
    }
    this.#keys.subarray(0, count).sort();
    const sorted = new Float32Array(count);
    const weights = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      const at = packed[2 * i]!;
      sorted[i] = this.#values[at]!;
      weights[i] = this.#weights[at]!;
    }
    return Summary.ofSorted(sorted, weights);
  }

  #rise(summary: Summary): void {
    let rising = summary;
    for (let level = 0; ; level++) {
      rising = rising.pruned(this.#limit);
      const here = this.#levels[level];
      if (!here || here.size === 0) {
        this.#levels[level] = rising;
        return;
      }
      rising = rising.combined(here);
      if (rising.size <= this.#limit) {
        this.#levels[level] = rising;
        return;
      }
      this.#levels[level] = null;
    }
  }
}
