// asc: --enable threads --enable nontrapping-f2i --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536
// Best splits of features: the same as `bestSplitOf` of split.ts, bit by bit. Gains are float32, as XGBoost has them.

let alpha: f64 = 0;
let lambda: f64 = 0;
let maxStep: f64 = 0;
let least: f64 = 0;
let sumG: f64 = 0;
let sumH: f64 = 0;
let ownGain: f32 = 0;

let gain: f32 = 0;
let bin: i32 = 0;
let fromLeft: bool = true;
let g: f64 = 0;
let h: f64 = 0;

/**
 * `features`: for each (number, bytes to its histogram, its cuts), int32. `node`: alpha, lambda, max_delta_step, min_child_weight, gradient, hessian, own gain.
 * `result`: gain, feature, bin, whether found from the left, gradient, hessian of that side.
 */
export function bestSplit(features: usize, count: u32, histogram: usize, node: usize, result: usize): void {
  alpha = load<f64>(node);
  lambda = load<f64>(node, 8);
  maxStep = load<f64>(node, 16);
  least = load<f64>(node, 24);
  sumG = load<f64>(node, 32);
  sumH = load<f64>(node, 40);
  ownGain = <f32>load<f64>(node, 48);
  gain = 0;
  let feature: i32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const at = features + <usize>i * 12;
    const before = gain;
    if (maxStep == 0) scan<bool>(histogram + load<u32>(at, 4), load<i32>(at, 8));
    else scan<f64>(histogram + load<u32>(at, 4), load<i32>(at, 8));
    if (gain > before) feature = load<i32>(at);
  }
  store<f64>(result, <f64>gain);
  store<f64>(result, <f64>feature, 8);
  store<f64>(result, <f64>bin, 16);
  store<f64>(result, fromLeft ? 1 : 0, 24);
  store<f64>(result, g, 32);
  store<f64>(result, h, 40);
}

/** Compiled twice: with P = bool for gains without bounds, with P = f64 for all. */
function scan<P>(at: usize, cuts: i32): void {
  let sg: f64 = 0;
  let sh: f64 = 0;
  for (let b = 0; b < cuts; b++) {
    sg += load<f64>(at + (<usize>b << 4));
    sh += load<f64>(at + (<usize>b << 4), 8);
    consider<P>(sg, sh, b, true);
  }
  if (sg == sumG && sh == sumH) return;
  sg = 0;
  sh = 0;
  for (let b = cuts - 1; b >= 0; b--) {
    sg += load<f64>(at + (<usize>b << 4));
    sh += load<f64>(at + (<usize>b << 4), 8);
    consider<P>(sg, sh, b, false);
  }
}

// @ts-ignore: decorator
@inline function consider<P>(sg: f64, sh: f64, b: i32, left: bool): void {
  const otherG = sumG - sg;
  const otherH = sumH - sh;
  if (sh < least || otherH < least) return;
  const found: f32 = leafGain<P>(sg, sh) + leafGain<P>(otherG, otherH) - ownGain;
  if (!(found > gain) || found == Infinity) return;
  gain = found;
  bin = b;
  fromLeft = left;
  g = sg;
  h = sh;
}

// @ts-ignore: decorator
@inline function softened(x: f64): f64 {
  return x > alpha ? x - alpha : x < -alpha ? x + alpha : 0;
}

// @ts-ignore: decorator
@inline function leafGain<P>(x: f64, y: f64): f32 {
  if (y <= 0) return 0;
  if (isInteger<P>()) {
    const rest = softened(x);
    return <f32>(rest * rest) / <f32>(y + lambda);
  }
  const w = leafWeight(x, y);
  const linear: f32 = <f32>2 * <f32>x * w;
  const square: f32 = (<f32>y + <f32>lambda) * (w * w);
  return -(linear + square);
}

function leafWeight(x: f64, y: f64): f32 {
  if (y < least || y <= 0) return 0;
  const value = -softened(x) / (y + lambda);
  if (abs<f64>(value) > maxStep) return <f32>(value > 0 ? maxStep : -maxStep);
  return <f32>value;
}
