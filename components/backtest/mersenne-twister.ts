const size = 624;
const middle = 397;

/**
 * MT19937 as Python's `random` seeds and reads it (Matsumoto and Nishimura 1998; CPython
 * Modules/_randommodule.c). Only what shuffling needs.
 */
export class MersenneTwister {
  readonly #state = new Uint32Array(size);
  #at = size;

  /** @param seed a whole number in [0, 2^32), as `random.seed(seed)` takes it */
  constructor(seed: number) {
    this.#seedByArray([seed >>> 0]);
  }

  /** `bits` random bits, 1 to 32 (`random.getrandbits`). */
  bits(bits: number): number {
    return this.#next() >>> (32 - bits);
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

  #seedByNumber(seed: number): void {
    const s = this.#state;
    s[0] = seed;
    for (let i = 1; i < size; i++) {
      const x = s[i - 1]! ^ (s[i - 1]! >>> 30);
      s[i] = Math.imul(1812433253, x) + i;
    }
  }

  #seedByArray(key: readonly number[]): void {
    this.#seedByNumber(19650218);
    const s = this.#state;
    let i = 1;
    let j = 0;
    for (let k = Math.max(size, key.length); k > 0; k--) {
      const x = s[i - 1]! ^ (s[i - 1]! >>> 30);
      s[i] = (s[i]! ^ Math.imul(x, 1664525)) + key[j]! + j;
      i++;
      j = (j + 1) % key.length;
      if (i >= size) {
        s[0] = s[size - 1]!;
        i = 1;
      }
    }
    for (let k = size - 1; k > 0; k--) {
      const x = s[i - 1]! ^ (s[i - 1]! >>> 30);
      s[i] = (s[i]! ^ Math.imul(x, 1566083941)) - i;
      i++;
      if (i >= size) {
        s[0] = s[size - 1]!;
        i = 1;
      }
    }
    s[0] = 0x80000000;
    this.#at = size;
  }

  #next(): number {
    if (this.#at >= size) this.#twist();
    let y = this.#state[this.#at++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  #twist(): void {
    const s = this.#state;
    for (let k = 0; k < size; k++) {
      const y = (s[k]! & 0x80000000) | (s[(k + 1) % size]! & 0x7fffffff);
      s[k] = s[(k + middle) % size]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#at = 0;
  }
}
