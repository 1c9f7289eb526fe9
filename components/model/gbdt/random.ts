/**
 * LightGBM's linear congruential generator (utils/random.h): x = 214013 x + 2531011 mod 2^32.
 * Same seed, same draws: rows for bin finding, features of a tree, bags.
 */
export class Random {
  #x: number;

  constructor(seed: number) {
    this.#x = seed | 0;
  }

  #bits16(): number {
    this.#x = (Math.imul(214013, this.#x) + 2531011) | 0;
    return (this.#x >>> 16) & 0x7fff;
  }

  #bits31(): number {
    this.#x = (Math.imul(214013, this.#x) + 2531011) | 0;
    return this.#x & 0x7fffffff;
  }

  /** Integer in [low, high), of 15 random bits. */
  nextShort(low: number, high: number): number {
    return (this.#bits16() % (high - low)) + low;
  }

  /** Integer in [low, high), of 31 random bits. */
  nextInt(low: number, high: number): number {
    return (this.#bits31() % (high - low)) + low;
  }

  /** In [0, 1), a multiple of 2^-15. */
  nextFloat(): number {
    return this.#bits16() / 32768;
  }

  /** `count` of the numbers 0 .. total - 1, ascending; none when `count` is 0 or more than `total`. */
  sample(total: number, count: number): Uint32Array {
    if (count > total || count <= 0) return new Uint32Array(0);
    if (count === total) return Uint32Array.from({ length: total }, (_, i) => i);
    if (count > 1 && count > total / Math.log2(count)) return this.#walk(total, count);
    const chosen = new Set<number>();
    for (let r = total - count; r < total; r++) {
      const v = this.nextInt(0, r + 1);
      chosen.add(chosen.has(v) ? r : v);
    }
    return Uint32Array.from(chosen).sort();
  }

  /** Walks over all numbers and keeps each with the share that is still wanted; may end with fewer than `count`. */
  #walk(total: number, count: number): Uint32Array {
    const out = new Uint32Array(count);
    let n = 0;
    for (let i = 0; i < total; i++) if (this.nextFloat() < (count - n) / (total - i)) out[n++] = i;
    return out.subarray(0, n);
  }
}
