// asc: --enable threads --enable nontrapping-f2i --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536
// Scores of borders with noise: the same as `bestSplitOf` of score-splits.ts but for the last bit of the noise's logarithms.

const multiplier: u64 = 6364136223846793005;

// Two PCG streams, see random.ts.
let x1: u64 = 0;
let x2: u64 = 0;
let c1: u64 = 0;
let c2: u64 = 0;

// @ts-ignore: decorator
@inline function mix(x: u64): u32 {
  return rotr<u32>(<u32>(((x >> 18) ^ x) >> 27), <u32>(x >> 59));
}

/** Starts the generator of a part; `skip` numbers are left out. */
function seed(x: u64, skip: u32): void {
  x = x * multiplier + 1;
  const low1 = <u64>mix(x);
  x = x * multiplier + 1;
  const high1 = <u64>mix(x);
  x = x * multiplier + 1;
  const stream1 = mix(x);
  x = x * multiplier + 1;
  const low2 = <u64>mix(x);
  x = x * multiplier + 1;
  const high2 = <u64>mix(x);
  x = x * multiplier + 1;
  let stream2 = mix(x);
  if ((stream1 & 0x7fffffff) == (stream2 & 0x7fffffff)) stream2 = ~stream2;
  x1 = (high1 << 32) | low1;
  x2 = (high2 << 32) | low2;
  c1 = (<u64>stream1 << 1) | 1;
  c2 = (<u64>stream2 << 1) | 1;
  for (let i: u32 = 0; i < skip; i++) {
    x1 = x1 * multiplier + c1;
    x2 = x2 * multiplier + c2;
  }
}

// @ts-ignore: decorator
@inline function uniform(): f64 {
  x1 = x1 * multiplier + c1;
  x2 = x2 * multiplier + c2;
  const all = (<u64>mix(x1) << 32) | <u64>mix(x2);
  return <f64>(all >> 11) * (1.0 / 9007199254740991.0);
}

function normal(): f64 {
  let x: f64;
  let r: f64;
  do {
    x = uniform() * 2 - 1;
    const y = uniform() * 2 - 1;
    r = x * x + y * y;
  } while (r > 1 || r <= 0);
  return x * Math.sqrt((-2 * Math.log(r)) / r);
}

/** `count` uniform numbers of the part that is seeded by (high, low), after ten, as float64. */
export function uniforms(high: u32, low: u32, count: u32, to: usize): void {
  seed((<u64>high << 32) | <u64>low, 10);
  for (let i: u32 = 0; i < count; i++) store<f64>(to + (<usize>i << 3), uniform());
}

/**
 * The best border of `features`, uint32 each: (number, bytes to its histogram, borders). `histograms`: addresses, uint32. `scratch` has room for two
 * float64 a border. `result`: score, feature, bin; bin -1 where there is no border.
 */
export function bestBorder(
  features: usize,
  count: u32,
  histograms: usize,
  leaves: u32,
  high: u32,
  low: u32,
  l2: f64,
  noise: f64,
  cosine: bool,
  scratch: usize,
  result: usize,
): void {
  seed((<u64>high << 32) | <u64>low, 10);
  let most: f64 = -Infinity;
  let score: f64 = 0;
  let feature: u32 = 0;
  let bin: i32 = -1;
  for (let i: u32 = 0; i < count; i++) {
    const at = features + <usize>i * 12;
    const borders = load<u32>(at, 8);
    for (let b: u32 = 0; b < borders; b++) v128.store(scratch + (<usize>b << 4), f64x2(0, 1e-100));
    for (let l: u32 = 0; l < leaves; l++)
      addLeaf(<usize>load<u32>(histograms + (<usize>l << 2)) + load<u32>(at, 4), borders, l2, scratch);
    for (let b: u32 = 0; b < borders; b++) {
      const p = scratch + (<usize>b << 4);
      const own = cosine ? load<f64>(p) / Math.sqrt(load<f64>(p, 8)) : load<f64>(p);
      const noisy = own + normal() * noise;
      if (!(noisy > most)) continue;
      most = noisy;
      score = own;
      feature = load<u32>(at);
      bin = b;
    }
  }
  store<f64>(result, score);
  store<f64>(result, <f64>feature, 8);
  store<f64>(result, <f64>bin, 16);
}

function addLeaf(histogram: usize, borders: u32, l2: f64, scratch: usize): void {
  let right = f64x2(0, 0);
  for (let b: u32 = 0; b <= borders; b++) right = f64x2.add(right, v128.load(histogram + (<usize>b << 4)));
  let left = f64x2(0, 0);
  for (let b: u32 = 0; b < borders; b++) {
    const own = v128.load(histogram + (<usize>b << 4));
    left = f64x2.add(left, own);
    right = f64x2.sub(right, own);
    const rw = f64x2.extract_lane(right, 1);
    const lw = f64x2.extract_lane(left, 1);
    const rg = f64x2.extract_lane(right, 0);
    const lg = f64x2.extract_lane(left, 0);
    const r = rw > 0 ? rg * (1 / (rw + l2)) : 0;
    const l = lw > 0 ? lg * (1 / (lw + l2)) : 0;
    const p = scratch + (<usize>b << 4);
    store<f64>(p, load<f64>(p) + r * rg + l * lg);
    store<f64>(p, load<f64>(p, 8) + r * r * rw + l * l * lw, 8);
  }
}
