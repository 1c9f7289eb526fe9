import { Mt19937 } from '../core/mt19937.ts';

/** MT19937 as Python's `random` seeds and reads it (CPython Modules/_randommodule.c). Only what shuffling needs. */
export class MersenneTwister {
  readonly #bits: Mt19937;

  /** @param seed a whole number in [0, 2^32), as `random.seed(seed)` takes it */
  constructor(seed: number) {
    this.#bits = Mt19937.ofArray([seed >>> 0]);
  }

  /** `bits` random bits, 1 to 32 (`random.getrandbits`). */
  bits(bits: number): number {
    return this.#bits.next() >>> (32 - bits);
  }

  /** A whole number in [0, n) (`random._randbelow`): bits are drawn until they are below n. */
  below(n: number): number {
    const width = 32 - Math.clz32(n);
    let r = this.bits(width);
    while (r >= n) r = this.bits(width);
    return r;
  }

  /** A shuffled copy, in the order that `random.shuffle` gives. */
  shuffled<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i >= 1; i--) {
      const j = this.below(i + 1);
      [out[i], out[j]] = [out[j]!, out[i]!];
    }
    return out;
  }
}
