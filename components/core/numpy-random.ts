import { Mt19937 } from './mt19937.ts';

/** What numpy's legacy generator draws after `numpy.random.seed(seed)` (numpy/random/mtrand.pyx, legacy `RandomState`). */
export class NumpyRandom {
  readonly #bits: Mt19937;

  /** @param seed a whole number in [0, 2^32) */
  constructor(seed: number) {
    this.#bits = Mt19937.ofNumber(seed);
  }

  /** A whole number in [0, max]: bits under a mask are drawn until they are at most `max`. */
  interval(max: number): number {
    if (max === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(max);
    let value = (this.#bits.next() & mask) >>> 0;
    while (value > max) value = (this.#bits.next() & mask) >>> 0;
    return value;
  }

  /** Shuffles in place (`shuffle`; `permutation` of a copy draws the same). */
  shuffle(items: { readonly length: number; [at: number]: number }): void {
    for (let i = items.length - 1; i >= 1; i--) {
      const j = this.interval(i);
      const x = items[i]!;
      items[i] = items[j]!;
      items[j] = x;
    }
  }

  /** `count` different ones of the items (`choice(items, count, replace=False)`). */
  choice<T>(items: readonly T[], count: number): T[] {
    const order = Uint32Array.from({ length: items.length }, (_, i) => i);
    this.shuffle(order);
    return Array.from(order.subarray(0, count), (i) => items[i]!);
  }
}
