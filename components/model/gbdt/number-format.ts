/**
 * C's `%.{digits}g`: so many significant digits, trailing zeros dropped, exponent form below 1e-4 and from 10^digits on.
 * LightGBM writes values with 17 digits and everything else with 6.
 */
export function formatG(x: number, digits: number): string {
  if (Number.isNaN(x)) return 'nan';
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf';
  if (x === 0) return Object.is(x, -0) ? '-0' : '0';
  if (Number.isInteger(x) && Math.abs(x) < 10 ** Math.min(digits, 15)) return String(x);
  const [mantissa = '', exponentText = '0'] = x.toExponential(digits - 1).split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < digits) {
    const fixed = Math.abs(x) < 1 ? x.toFixed(digits - 1 - exponent) : x.toPrecision(digits);
    return stripZeros(fixed);
  }
  const sign = exponent < 0 ? '-' : '+';
  return `${stripZeros(mantissa)}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** Numbers as LightGBM's text form writes lists. */
export function joinG(values: ArrayLike<number>, digits: number): string {
  const out: string[] = [];
  for (let i = 0; i < values.length; i++) out.push(formatG(values[i]!, digits));
  return out.join(' ');
}

function stripZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
