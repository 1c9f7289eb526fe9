/**
 * exp, log and log1p of float32 numbers as the GNU C library has them, which XGBoost calls: not every result is the nearest float32, and on the last bit of gradients depends which
 * of two equally good splits is taken. Source: glibc 2.36 (e_expf, e_logf: tables and polynomials of degree 3 in double precision; s_log1pf: single precision, after FreeBSD's msun).
 */
const round = Math.fround;
const word = new Int32Array(1);
const single = new Float32Array(word.buffer);

function bitsOf(x: number): number {
  single[0] = x;
  return word[0]!;
}

function ofBits(bits: number): number {
  word[0] = bits;
  return single[0]!;
}

const parts = 32;
const powers = Float64Array.from({ length: parts }, (_, i) => 2 ** (i / parts));
const exp3 = 0.05550361559341535 / parts ** 3;
const exp2 = 0.2402284522445722 / parts ** 2;
const exp1 = 0.6931471806916203 / parts;
/** 2^52 + 2^51: adding it rounds to a whole number, ties to even. */
const shift = 6_755_399_441_055_744;

/** e^x = 2^(k / 32) 2^(r / 32). */
export function expf(x: number): number {
  // infinite, or below the smallest float32
  if (!(x < 88.73 && x > -103.98)) return round(Math.exp(x));
  const z = (parts / Math.LN2) * x;
  const k = z + shift - shift;
  const r = z - k;
  const i = k & (parts - 1);
  const scale = powers[i]! * 2 ** ((k - i) / parts);
  return round(((exp3 * r + exp2) * (r * r) + (exp1 * r + 1)) * scale);
}

/** 1 / c and log(c) for c in the middle of a sixteenth. */
const centers = [
  [1.398907162146528, -0.33569133332882284],
  [1.3403141896637998, -0.2929040563774074],
  [1.286432210124115, -0.2518726580937369],
  [1.2367150214269895, -0.21245868807117255],
  [1.1906977166711752, -0.17453945183745634],
  [1.1479821020556429, -0.1380057072319758],
  [1.1082251448272158, -0.10275976698545139],
  [1.0711297413057381, -0.06871392447020525],
  [1.036437278977283, -0.0357891387398228],
  [1, 0],
  [0.9492859795739057, 0.05204517742929496],
  [0.8951049428609004, 0.11081431298787942],
  [0.8476821620351103, 0.1652495223695143],
  [0.8050314851692001, 0.21687389031699977],
  [0.7664671008843108, 0.2659635028121397],
  [0.731428603316328, 0.3127556664073557],
] as const;
const leastNormal = 2 ** -126;

/** log(x) = k log(2) + log(c) + log(1 + r) with r = z / c - 1 and x = 2^k z. */
export function logf(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return round(Math.log(x));
  const bits = x < leastNormal ? bitsOf(x * 2 ** 23) - (23 << 23) : bitsOf(x);
  const above = bits - 0x3f330000;
  const [inverse, log] = centers[(above >> 19) & 15]!;
  const r = ofBits(bits - (above & 0xff800000)) * inverse - 1;
  const start = log + (above >> 23) * Math.LN2;
  const y = -0.25089342214237154 * (r * r) + (0.333456765744066 * r - 0.4999997485802103);
  return round(y * (r * r) + (start + r));
}

const ln2High = ofBits(0x3f317180);
const ln2Low = ofBits(0x3717f7d1);
const log1pPoly = [0x3f2aaaab, 0x3ecccccd, 0x3e924925, 0x3e638e29, 0x3e3a3325, 0x3e1cd04f, 0x3e178897].map(
  ofBits,
);

/** log(1 + x) = k log(2) + log(1 + f), with what 1 + x loses by rounding. */
export function log1pf(x: number): number {
  if (!(x > -1 && x < Number.POSITIVE_INFINITY)) return round(Math.log1p(x));
  if (Math.abs(x) < 2 ** -29) return Math.abs(x) < 2 ** -54 ? x : round(x - round(round(x * x) * 0.5));
  let k = 0;
  let f = x;
  let lost = 0;
  let fraction = 1;
  // outside of sqrt(2) / 2 - 1 .. sqrt(2) - 1
  if (bitsOf(x) >= 0x3ed413d7 || x <= ofBits(0xbe95f61f | 0)) {
    const u = x < 2 ** 53 ? round(1 + x) : x;
    const bits = bitsOf(u);
    k = (bits >> 23) - 127;
    if (x < 2 ** 53) lost = round((k > 0 ? round(1 - round(u - x)) : round(x - round(u - 1))) / u);
    fraction = bits & 0x7fffff;
    const isLow = fraction < 0x3504f7;
    f = round(ofBits(fraction | (isLow ? 0x3f800000 : 0x3f000000)) - 1);
    if (!isLow) {
      k++;
      fraction = (0x800000 - fraction) >> 2;
    }
  }
  const half = round(round(0.5 * f) * f);
  const high = round(k * ln2High);
  const low = round(round(k * ln2Low) + lost);
  if (fraction === 0) {
    if (f === 0) return k === 0 ? 0 : round(high + low);
    const rest = round(half * round(1 - round(round(2 / 3) * f)));
    return k === 0 ? round(f - rest) : round(high - round(round(rest - low) - f));
  }
  const s = round(f / round(2 + f));
  const z = round(s * s);
  const poly = log1pPoly.reduceRight((sum, c) => round(c + round(z * sum)), 0);
  const rest = round(s * round(half + round(z * poly)));
  return k === 0 ? round(f - round(half - rest)) : round(high - round(round(half - round(rest + low)) - f));
}
