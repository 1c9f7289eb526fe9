const multiplier = 16807;
const low32 = 2 ** 32;
const high31 = 2 ** 31;

/** x' = 16807 x mod 2^63, with which XGBoost draws rows (src/tree/hist/sampler.h). */
export class LinearGenerator {
  #high = 0;
  #low: number;

  constructor(seed: number) {
    this.#low = seed === 0 ? 1 : seed;
  }

  /** In [0, 1): `std::generate_canonical`, whose least state is 1. */
  uniform(): number {
    const low = this.#low * multiplier;
    this.#low = low % low32;
    this.#high = (this.#high * multiplier + (low - this.#low) / low32) % high31;
    const [high, rest] = this.#low === 0 ? [this.#high - 1, low32 - 1] : [this.#high, this.#low - 1];
    return Math.min((high * low32 + rest) / 2 ** 63, 1 - 2 ** -53);
  }
}
