const size = 624;
const middle = 397;

/** The random generator MT19937 (Matsumoto and Nishimura 1998), as Python and numpy seed it. */
export class Mt19937 {
  readonly #state = new Uint32Array(size);
  #at = size;

  private constructor() {}

  /** Seeded by one number in [0, 2^32): `numpy.random.seed(seed)`. */
  static ofNumber(seed: number): Mt19937 {
    const out = new Mt19937();
    out.#seedByNumber(seed >>> 0);
    return out;
  }

  /** Seeded by several numbers: Python's `random.seed(seed)` with [seed]. */
  static ofArray(key: readonly number[]): Mt19937 {
    const out = new Mt19937();
    out.#seedByArray(key);
    return out;
  }

  /** 32 random bits as a number in [0, 2^32). */
  next(): number {
    if (this.#at >= size) this.#twist();
    let y = this.#state[this.#at++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
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
