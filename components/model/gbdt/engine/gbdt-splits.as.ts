// asc: --enable threads --enable nontrapping-f2i --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536
// Completes and subtracts histograms and finds splits: the same results as reference/finish-features.ts, bit by bit.

const epsilon: f64 = 1.0000000036274937e-15;
const missingNone: i32 = 0;
const missingZero: i32 = 1;
const missingNaN: i32 = 2;

// Places in a job and a child, see job.ts.
const smaller: usize = 9 * 8;
const larger: usize = 20 * 8;
const childHistogram: usize = 4 * 8;

// The rules and the child at work.
let l1: f64 = 0;
let l2: f64 = 0;
let maxDelta: f64 = 0;
let smooth: f64 = 0;
let plain: bool = true;
let minRows: i32 = 0;
let minHessian: f64 = 0;
let sumGradient: f64 = 0;
let sumHessian: f64 = 0;
let sumRows: i32 = 0;
let parentOutput: f64 = 0;
let least: f64 = 0;
let perHessian: f64 = 0;
let bounded: bool = false;
let lowest: f64 = 0;
let highest: f64 = 0;
let monotone: i32 = 0;
let only: i32 = -1;

// What a scan found.
let splittable: bool = false;
let gain: f64 = 0;
let threshold: i32 = 0;
let leftGradient: f64 = 0;
let leftHessian: f64 = 0;
let leftRows: i32 = 0;
let defaultLeft: bool = false;

export function finishFeatures(from: u32, to: u32, scratch: usize, job: usize, result: usize): void {
  l1 = load<f64>(job);
  l2 = load<f64>(job, 8);
  maxDelta = load<f64>(job, 16);
  smooth = load<f64>(job, 24);
  plain = !(maxDelta > 0) && !(smooth > 0);
  const minGain = load<f64>(job, 32);
  minRows = <i32>load<f64>(job, 40);
  minHessian = load<f64>(job, 48);
  const active = <usize>load<f64>(job, 64);
  const hasLarger = load<f64>(job + larger + childHistogram) != 0;
  for (let i = from; i < to; i++) {
    if (!load<u8>(active + i)) continue;
    const feature = <usize>load<f64>(job, 56) + <usize>i * 40;
    const bins = load<i32>(feature);
    const bytes = <usize>bins << 4;
    const start = <usize>load<i32>(feature, 20) << 4;
    const own = <usize>load<f64>(job + smaller + childHistogram) + start;
    complete(own, scratch, bins, load<i32>(feature, 4), load<f64>(job + smaller), load<f64>(job + smaller, 8));
    memory.fill(scratch, 0, bytes);
    scratch += 4096;
    const plainFeature = load<i32>(feature, 32) != 0;
    if (plainFeature) evaluate(i, feature, own, job + smaller, result, minGain);
    if (!hasLarger) continue;
    const other = <usize>load<f64>(job + larger + childHistogram) + start;
    for (let at: usize = 0; at < bytes; at += 16)
      v128.store(other + at, f64x2.sub(v128.load(other + at), v128.load(own + at)));
    if (plainFeature) evaluate(i, feature, other, job + larger, result + 64, minGain);
  }
}

/** Copies the fresh histogram; the most frequent bin gets what the others leave of the sums. */
function complete(to: usize, from: usize, bins: i32, mostFrequent: i32, gradient: f64, hessian: f64): void {
  memory.copy(to, from, <usize>bins << 4);
  if (mostFrequent == 0) return;
  let rest = f64x2.replace_lane(f64x2.splat(gradient), 1, hessian);
  const own = to + (<usize>mostFrequent << 4);
  const end = to + (<usize>bins << 4);
  for (let at = to; at < own; at += 16) rest = f64x2.sub(rest, v128.load(at));
  for (let at = own + 16; at < end; at += 16) rest = f64x2.sub(rest, v128.load(at));
  v128.store(own, rest);
}

function evaluate(i: u32, feature: usize, histogram: usize, child: usize, result: usize, minGain: f64): void {
  const bounds = <usize>load<f64>(child, 56);
  bounded = bounds != 0;
  if (bounded) {
    lowest = load<f64>(bounds + (<usize>i << 4));
    highest = load<f64>(bounds + (<usize>i << 4), 8);
    if (isNaN<f64>(lowest)) return;
  }
  sumGradient = load<f64>(child);
  sumHessian = load<f64>(child, 8) + 2 * epsilon;
  sumRows = <i32>load<f64>(child, 16);
  parentOutput = load<f64>(child, 24);
  perHessian = <f64>sumRows / sumHessian;
  least = leafGain(sumGradient, sumHessian, sumRows) + minGain;
  splittable = false;
  gain = -Infinity;
  threshold = 0;
  leftGradient = 0;
  leftHessian = 0;
  leftRows = 0;
  defaultLeft = true;
  const bins = load<i32>(feature);
  const missing = load<i32>(feature, 12);
  const bothWays = bins > 2 && missing != missingNone;
  const skip = bothWays && missing == missingZero ? load<i32>(feature, 8) : -1;
  const ofNaN = bothWays && missing == missingNaN;
  const offset = load<i32>(feature, 4) == 0 ? 1 : 0;
  monotone = bounded ? load<i32>(feature, 36) : 0;
  const thresholds = <usize>load<f64>(child, 80);
  only = thresholds != 0 ? load<i32>(thresholds + (<usize>i << 2)) : -1;
  const simple = plain && !bounded && only < 0;
  if (simple) scan<bool, bool>(histogram, bins, skip, ofNaN, offset);
  else scan<f64, bool>(histogram, bins, skip, ofNaN, offset);
  if (bothWays) {
    if (simple) scan<bool, f64>(histogram, bins, skip, ofNaN, offset);
    else scan<f64, f64>(histogram, bins, skip, ofNaN, offset);
  } else if (missing == missingNaN) defaultLeft = false;
  store<u8>(<usize>load<f64>(child, 40) + i, splittable ? 1 : 0);
  if (!load<u8>(<usize>load<f64>(child, 48) + i)) return;
  const column = <f64>load<i32>(feature, 16);
  let scaled = gain * load<f64>(feature, 24) - load<f64>(child, 72);
  if (monotone != 0) scaled *= load<f64>(child, 64);
  const best = load<f64>(result);
  if (scaled != best ? !(scaled > best) : load<f64>(result, 8) >= 0 && column >= load<f64>(result, 8)) return;
  store<f64>(result, scaled);
  store<f64>(result, column, 8);
  store<f64>(result, <f64>i, 16);
  store<f64>(result, <f64>threshold, 24);
  store<f64>(result, leftGradient, 32);
  store<f64>(result, leftHessian, 40);
  store<f64>(result, <f64>leftRows, 48);
  store<f64>(result, defaultLeft ? 1 : 0, 56);
}

// The scan is compiled four times: with P = bool for gains without bounds or smoothing at all thresholds, with P = f64 for all; with D = bool from the
// right, with D = f64 from the left. Sums are of the side that the scan has passed, `other` of the rest.

function scan<P, D>(histogram: usize, bins: i32, skip: i32, ofNaN: bool, offset: i32): void {
  let bestGain: f64 = -Infinity;
  let bestGradient: f64 = 0;
  let bestHessian: f64 = 0;
  let bestRows: i32 = 0;
  let bestBin: i32 = 0;
  let gradient: f64 = 0;
  let hessian: f64 = epsilon;
  let rows: i32 = 0;
  let bin = isInteger<D>() ? bins - 1 - (ofNaN ? 1 : 0) : offset;
  if (!isInteger<D>() && ofNaN && offset == 1) {
    // the most frequent bin 0 is what the others leave of the sums
    gradient = sumGradient;
    hessian = sumHessian - epsilon;
    rows = sumRows;
    for (let other = 1; other < bins; other++) {
      const at = histogram + (<usize>other << 4);
      gradient -= load<f64>(at);
      hessian -= load<f64>(at, 8);
      rows -= <i32>(load<f64>(at, 8) * perHessian + 0.5);
    }
    bin = 0;
  }
  const end = isInteger<D>() ? 0 : bins - 1;
  for (; bin != end; bin += isInteger<D>() ? -1 : 1) {
    if (bin == skip) continue;
    if (isInteger<D>() || bin >= offset) {
      const at = histogram + (<usize>bin << 4);
      const h = load<f64>(at, 8);
      gradient += load<f64>(at);
      hessian += h;
      rows += <i32>(h * perHessian + 0.5);
    }
    if (rows < minRows || hessian < minHessian) continue;
    const otherRows = sumRows - rows;
    if (otherRows < minRows) break;
    const otherHessian = sumHessian - hessian;
    if (otherHessian < minHessian) break;
    if (!isInteger<P>() && only >= 0 && (isInteger<D>() ? bin - 1 : bin) != only) continue;
    const otherGradient = sumGradient - gradient;
    let g: f64;
    if (isInteger<P>()) g = plainGain(otherGradient, otherHessian, gradient, hessian);
    else if (!bounded) g = leafGain(otherGradient, otherHessian, otherRows) + leafGain(gradient, hessian, rows);
    else if (isInteger<D>()) g = boundedGain(otherGradient, otherHessian, otherRows, gradient, hessian, rows);
    else g = boundedGain(gradient, hessian, rows, otherGradient, otherHessian, otherRows);
    if (g <= least) continue;
    splittable = true;
    if (g > bestGain) {
      if (!isInteger<P>() && bounded && lowest > highest) continue;
      bestGain = g;
      bestGradient = isInteger<D>() ? otherGradient : gradient;
      bestHessian = isInteger<D>() ? otherHessian : hessian;
      bestRows = isInteger<D>() ? otherRows : rows;
      bestBin = bin;
    }
  }
  if (isInteger<D>()) keep(bestGain, bestGradient, bestHessian, bestRows, bestBin - 1, true);
  else keep(bestGain, bestGradient, bestHessian, bestRows, bestBin, false);
}

function keep(g: f64, gradient: f64, hessian: f64, rows: i32, bin: i32, toLeft: bool): void {
  if (!splittable || !(g > gain + least)) return;
  gain = g - least;
  threshold = bin;
  leftGradient = gradient;
  leftHessian = hessian;
  leftRows = rows;
  defaultLeft = toLeft;
}

// @ts-ignore: decorator
@inline function shrunk(gradient: f64): f64 {
  return max<f64>(0, abs<f64>(gradient) - l1);
}

// @ts-ignore: decorator
@inline function plainGain(leftG: f64, leftH: f64, rightG: f64, rightH: f64): f64 {
  const a = shrunk(leftG);
  const b = shrunk(rightG);
  return (a * a) / (leftH + l2) + (b * b) / (rightH + l2);
}

function leafGain(gradient: f64, hessian: f64, rows: i32): f64 {
  const rest = shrunk(gradient);
  if (plain) return (rest * rest) / (hessian + l2);
  return gainOf(gradient, hessian, outputOf(gradient, hessian, rows));
}

/** The gain of both sides with bounded outputs; 0 where these are not in order. */
function boundedGain(leftG: f64, leftH: f64, leftRows: i32, rightG: f64, rightH: f64, rightRows: i32): f64 {
  const left = within(outputOf(leftG, leftH, leftRows));
  const right = within(outputOf(rightG, rightH, rightRows));
  if (monotone > 0 ? left > right : monotone < 0 && left < right) return 0;
  return gainOf(leftG, leftH, left) + gainOf(rightG, rightH, right);
}

// @ts-ignore: decorator
@inline function within(value: f64): f64 {
  return value < lowest ? lowest : value > highest ? highest : value;
}

// @ts-ignore: decorator
@inline function signed(gradient: f64): f64 {
  const rest = shrunk(gradient);
  return gradient > 0 ? rest : gradient < 0 ? -rest : 0;
}

function outputOf(gradient: f64, hessian: f64, rows: i32): f64 {
  let value = -signed(gradient) / (hessian + l2);
  if (maxDelta > 0 && abs<f64>(value) > maxDelta) value = value > 0 ? maxDelta : -maxDelta;
  if (smooth > 0) {
    const weight = <f64>rows / smooth;
    value = (value * weight) / (weight + 1) + parentOutput / (weight + 1);
  }
  return value;
}

function gainOf(gradient: f64, hessian: f64, value: f64): f64 {
  return -(2 * signed(gradient) * value + (hessian + l2) * value * value);
}
