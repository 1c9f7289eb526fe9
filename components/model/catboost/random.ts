/** 6364136223846793005, the multiplier of PCG's generators, in halves of 16 bits from the lowest. */
const [a0, a1, a2, a3] = [0x7f2d, 0x4c95, 0xf42d, 0x5851];

/** One PCG stream of 32 bits (O'Neill 2014): a linear congruential generator of 64 bits, its state in two numbers, whose output is shifted and rotated. */
class Pcg32 {
  #high: number;
  #low: number;
  readonly #addHigh: number;
  readonly #addLow: number;

  constructor(high: number, low: number, addHigh: number, addLow: number) {
    this.#high = high;
    this.#low = low;
    this.#addHigh = addHigh;
    this.#addLow = addLow;
  }

  step(): void {
    const low = this.#low;
    const high = this.#high;
    const x0 = low & 0xffff;
    const x1 = low >>> 16;
    // the product of the low halves, 64 bits of it
    const p00 = x0 * a0;
    const p1 = x1 * a0 + x0 * a1 + (p00 >>> 16) + (p00 < 0 ? 0 : 0);
    const p1Low = p1 % 65536;
    const p1High = (p1 - p1Low) / 65536;
    const lowProduct = p1Low * 65536 + (p00 & 0xffff);
    const carry = x1 * a1 + p1High;
    const highProduct = carry + Math.imul(low, (a3 << 16) | a2) + Math.imul(high, (a1 << 16) | a0);
    const sum = lowProduct + this.#addLow;
    this.#low = sum >>> 0;
    this.#high = (highProduct + this.#addHigh + (sum > 0xffffffff ? 1 : 0)) >>> 0;
  }

  next(): number {
    this.step();
    const high = this.#high;
    const low = this.#low;
    // ((x >> 18) ^ x) >> 27, its lowest 32 bits
    const mixedHigh = high ^ (high >>> 18);
    const mixedLow = low ^ ((high << 14) | (low >>> 18));
    const shifted = (mixedHigh << 5) | (mixedLow >>> 27);
    const rotation = high >>> 27;
    return ((shifted >>> rotation) | (shifted << (-rotation & 31))) >>> 0;
  }
}

/** CatBoost's generator (TFastRng64): two PCG streams, each half of 64 bits. Source: catboost util/random/fast.h. */
export class CatRandom {
  readonly #first: Pcg32;
  readonly #second: Pcg32;

  /** `high` and `low`: the halves of a seed of 64 bits. */
  constructor(high: number, low: number) {
    const seeds = new Pcg32(high, low, 0, 1);
    const low1 = seeds.next();
    const high1 = seeds.next();
    const stream1 = seeds.next();
    const low2 = seeds.next();
    const high2 = seeds.next();
    const stream2 = seeds.next();
    const same = (stream1 & 0x7fffffff) === (stream2 & 0x7fffffff);
    this.#first = streamOf(high1, low1, stream1);
    this.#second = streamOf(high2, low2, same ? ~stream2 >>> 0 : stream2);
  }

  /** The next 64 bits as [high, low]. */
  bits(): [number, number] {
    return [this.#first.next(), this.#second.next()];
  }

  /** In [0, 1], of 53 bits. */
  uniform(): number {
    const high = this.#first.next();
    return (high * 2097152 + (this.#second.next() >>> 11)) * (1 / 9007199254740991);
  }

  /** Leaves the next `count` numbers out. */
  skip(count: number): void {
    for (let i = 0; i < count; i++) {
      this.#first.step();
      this.#second.step();
    }
  }

  /** Standard normal, one of each pair of the polar method of Box and Muller. */
  normal(): number {
    for (;;) {
      const x = this.uniform() * 2 - 1;
      const y = this.uniform() * 2 - 1;
      const r = x * x + y * y;
      if (r <= 1 && r > 0) return x * Math.sqrt((-2 * Math.log(r)) / r);
    }
  }
}

function streamOf(high: number, low: number, stream: number): Pcg32 {
  return new Pcg32(high, low, stream >>> 31, ((stream << 1) | 1) >>> 0);
}

/** Generators of the parts of one draw, which may run in any order: part k is seeded by `seed + k` and starts after 10 numbers. */
export function partRandom([high, low]: readonly [number, number], part: number): CatRandom {
  const sum = low + part;
  const random = new CatRandom((high + (sum > 0xffffffff ? 1 : 0)) >>> 0, sum >>> 0);
  random.skip(10);
  return random;
}
