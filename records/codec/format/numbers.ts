/** Python's `f'{x: .6f}'`: a space for the missing minus sign, exact halves to even. */
export function fixed(x: number, digits: number): string {
  if (!Number.isFinite(x)) return special(x);
  const size = Math.abs(x);
  const text =
    size >= 1e21
      ? `${BigInt(size)}.${'0'.repeat(digits)}`
      : halfEven(size.toFixed(digits), () => size.toFixed(100), digits);
  return sign(x) + text;
}

/** Python's `f'{x: .6e}'`. */
export function scientific(x: number, digits: number): string {
  if (!Number.isFinite(x)) return special(x);
  const size = Math.abs(x);
  const [head = '', exponent = ''] = size.toExponential(digits).split('e');
  const [exact = '', exactExponent = ''] = size.toExponential(100).split('e');
  const mantissa = exponent === exactExponent ? halfEven(head, () => exact, digits) : head;
  return `${sign(x)}${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

function sign(x: number): string {
  return x < 0 || Object.is(x, -0) ? '-' : ' ';
}

function special(x: number): string {
  return Number.isNaN(x) ? ' nan' : x > 0 ? ' inf' : '-inf';
}

/** JavaScript rounds an exact half up; Python rounds it to the even digit. */
function halfEven(rounded: string, exact: () => string, digits: number): string {
  if (!/[13579]$/.test(rounded)) return rounded;
  const full = exact();
  const cut = full.indexOf('.') + 1 + digits;
  if (!/^50*$/.test(full.slice(cut))) return rounded;
  return full.slice(0, cut);
}

const withDecimals = /^\s*[+-]?[0-9]+\.[0-9]*$/;

/** Drops the zeros that all numbers end with, but keeps one decimal (pandas `_trim_zeros_float`). */
export function trimZeros(texts: readonly string[]): string[] {
  const isNumber = texts.map((t) => withDecimals.test(t));
  let drop = Number.POSITIVE_INFINITY;
  texts.forEach((t, i) => {
    if (!isNumber[i]) return;
    const zeros = /0*$/.exec(t)![0].length;
    drop = Math.min(drop, zeros);
  });
  if (drop === Number.POSITIVE_INFINITY) return [...texts];
  return texts.map((t, i) => {
    if (!isNumber[i] || drop === 0) return t;
    const cut = t.slice(0, t.length - drop);
    return cut.endsWith('.') ? `${cut}0` : cut;
  });
}

/**
 * A column of floats as pandas shows it: six decimals, common trailing zeros cut; scientific where a value is below 1e-6, or
 * above 1e6 and too wide. Source: FloatArrayFormatter in pandas/io/formats/format.py.
 */
export function formatFloats(values: ArrayLike<number>): string[] {
  const digits = 6;
  const all = Array.from(values);
  const shown = trimZeros(all.map((x) => (Number.isNaN(x) ? 'NaN' : fixed(x, digits))));
  const tooLong = shown.some((t) => t.length > digits + 6);
  const large = all.some((x) => Math.abs(x) > 1e6);
  const small = all.some((x) => x !== 0 && Math.abs(x) < 1e-6);
  if (!small && !(tooLong && large)) return shown;
  return trimZeros(all.map((x) => (Number.isNaN(x) ? 'NaN' : scientific(x, digits))));
}
