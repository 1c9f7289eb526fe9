/**
 * exp and log from the four operations alone. Those of `Math` may differ in the last bit between versions of V8, and the demo market
 * has to be the same bytes everywhere. Error below 2 units in the last place.
 */
const view = new DataView(new ArrayBuffer(8));
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

/** e^x for |x| < 700. */
export function exp(x: number): number {
  const k = Math.floor(x / (ln2High + ln2Low) + 0.5);
  const r = x - k * ln2High - k * ln2Low;
  let sum = 1;
  for (let n = 14; n >= 1; n--) sum = 1 + (sum * r) / n;
  view.setUint32(0, (k + 1023) << 20);
  view.setUint32(4, 0);
  return sum * view.getFloat64(0);
}

/** Natural logarithm of a normal positive number: log(2^k m) = k log 2 + 2 artanh((m - 1) / (m + 1)), m in [0.7, 1.42). */
export function log(x: number): number {
  view.setFloat64(0, x);
  const high = view.getUint32(0);
  let k = (high >>> 20) - 1023;
  view.setUint32(0, (high & 0xfffff) | (1023 << 20));
  let m = view.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    k++;
  }
  const f = (m - 1) / (m + 1);
  const square = f * f;
  let sum = 0;
  for (let n = 21; n >= 1; n -= 2) sum = sum * square + 1 / n;
  return k * ln2High + (k * ln2Low + 2 * f * sum);
}
