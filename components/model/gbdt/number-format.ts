/**
 * C's `%.{digits}g`: so many significant digits, trailing zeros dropped, exponent form below 1e-4 and from 10^digits on.
 * LightGBM writes values with 17 digits and everything else with 6.
 */
export function formatG(x: number, digits: number): string {
  if (Number.isNaN(x)) return 'nan';
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf';
  if (x === 0) return Object.is(x, -0) ? '-0' : '0';
  if (Number.isInteger(x) && Math.abs(x) < 10 ** Math.min(digits, 15)) return String(x);
  const [mantissa = '', exponentText = '0'] = halfToEven(x, digits).split('e');
  const exponent = Number(exponentText);
  const sign = exponent < 0 ? '-' : '+';
  if (exponent < -4 || exponent >= digits)
    return `${stripZeros(mantissa)}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
  const minus = x < 0 ? '-' : '';
  const places = mantissa.replace(/[-.]/g, '');
  if (exponent < 0) return stripZeros(`${minus}0.${'0'.repeat(-exponent - 1)}${places}`);
  return stripZeros(`${minus}${places.slice(0, exponent + 1)}.${places.slice(exponent + 1)}`);
}

/** Exponent form with so many digits. Values in the middle of two go to the even one, as in C; JavaScript's own rounding takes the larger. */
function halfToEven(x: number, digits: number): string {
  const rounded = x.toExponential(digits - 1);
  if (!/50{2}e/.test(x.toExponential(digits + 2))) return rounded;
  const [exact = '', exponent = '0'] = x.toExponential(digits + 60).split('e');
  const cut = exact.length - 61;
  if (!/^50*$/.test(exact.slice(cut)) || Number(exact[cut - 1]) % 2 === 1) return rounded;
  return `${exact.slice(0, cut)}e${exponent}`;
}

/** Numbers as LightGBM's text form writes lists. */
export function joinG(values: ArrayLike<number>, digits: number): string {
  const out: string[] = [];
  for (let i = 0; i < values.length; i++) out.push(formatG(values[i]!, digits));
  return out.join(' ');
}

function stripZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0*$/, '') : text;
}
