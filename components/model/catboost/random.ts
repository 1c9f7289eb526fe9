/** The multiplier of PCG's generators, 6364136223846793005, and its low half in parts of 16 bits. */
const aHigh = 0x5851f42d;
const aLow = 0x4c957f2d;
const a0 = aLow & 0xffff;
const a1 = aLow >>> 16;

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
    const x0 = low & 0xffff;
    const x1 = low >>> 16;
    // the 64 bits of the product of the low halves, 16 bits at a time
    const p = Math.imul(x0, a0) >>> 0;
    const q = (Math.imul(x1, a0) >>> 0) + (p >>> 16);
    const r = (Math.imul(x0, a1) >>> 0) + (q & 0xffff);
    const carried = Math.imul(x1, a1) + (q >>> 16) + (r >>> 16);
    const product = ((r << 16) | (p & 0xffff)) >>> 0;
    const sum = product + this.#addLow;
    const cross = Math.imul(low, aHigh) + Math.imul(this.#high, aLow);
    this.#low = sum >>> 0;
    this.#high = (carried + cross + this.#addHigh + (sum > 0xffffffff ? 1 : 0)) >>> 0;
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
  /** How many numbers it has given. */
  given = 0;

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
    this.given++;
    return [this.#first.next(), this.#second.next()];
  }

  /** In [0, 1], of 53 bits. */
  uniform(): number {
    const high = this.#first.next();
    return (high * 2097152 + (this.#second.next() >>> 11)) * (1 / 9007199254740991);
  }

  /** A whole number in [0, limit), limit < 2^37: the remainder of 64 bits. */
  below(limit: number): number {
    const [high, low] = this.bits();
    const upper = ((high % limit) * 65536 + (low >>> 16)) % limit;
    return (upper * 65536 + (low & 0xffff)) % limit;
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
