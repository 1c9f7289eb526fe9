import { log } from './elementary.ts';

/** A stream of random numbers: xoshiro128** (Blackman and Vigna 2018), seeded by two integers through splitmix32. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  #spare = Number.NaN;

  constructor(seed: number, stream: number) {
    let state = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b)) | 0;
    const split = () => {
      state = (state + 0x9e3779b9) | 0;
      let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return z ^ (z >>> 15);
    };
    [this.#a, this.#b, this.#c, this.#d] = [split(), split(), split(), split() | 1];
  }

  /** Uniform in (0, 1). */
  uniform(): number {
    const product = Math.imul(this.#b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return ((result >>> 0) + 0.5) / 4294967296;
  }

  /** Uniform in (from, to). */
  between(from: number, to: number): number {
    return from + (to - from) * this.uniform();
  }

  /** Standard normal, by Marsaglia's polar method. */
  normal(): number {
    const spare = this.#spare;
    if (!Number.isNaN(spare)) {
      this.#spare = Number.NaN;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * log(square)) / square);
      this.#spare = y * scale;
      return x * scale;
    }
  }

  /** Normal with heavier tails: one draw in fifty is 2.5 times as wide. Variance 1. */
  shock(): number {
    const wide = this.uniform() < 0.02 ? 2.5 : 1;
    return (this.normal() * wide) / Math.sqrt(0.98 + 0.02 * 6.25);
  }
}
