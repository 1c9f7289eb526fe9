/** Digits that count, zeros at the front among them. */
export const mostDigits = 17;

/** 10 ** 0 to 10 ** 308. */
export const powersOfTen = Float64Array.from({ length: 309 }, (_, k) => Number(`1e${k}`));

/**
 * `digits` times 10 to the power of `exponent`, rounded as pandas does: once, to a power of ten that is rounded itself, and twice below 1e-308.
 */
export function scaled(digits: number, exponent: number): number {
  if (exponent > 308) return digits === 0 ? 0 : Number.POSITIVE_INFINITY;
  if (exponent >= 0) return digits * powersOfTen[exponent]!;
  if (exponent >= -308) return digits / powersOfTen[-exponent]!;
  return exponent < -616 ? 0 : digits / powersOfTen[-308 - exponent]! / powersOfTen[308]!;
}

/**
 * The number that pandas' CSV parser (`float_precision=None`, pandas 2.2) makes of a decimal text such as `-1.25e3`: the first 17 digits are added up in float64,
 * then scaled. It is mostly the nearest float64, as `Number` gives it, and else one or a few units in the last place off: what comes of a file is then what
 * qlib's dump makes of it.
 */
export function pandasFloat(text: string): number {
  let p = 0;
  const isNegative = text[0] === '-';
  if (isNegative || text[0] === '+') p++;
  let digits = 0;
  let count = 0;
  let exponent = 0;
  for (let d = 0; (d = text.charCodeAt(p) - 48) >= 0 && d <= 9; p++) {
    if (count < mostDigits) {
      digits = digits * 10 + d;
      count++;
    } else exponent++;
  }
  if (text[p] === '.') {
    p++;
    for (let d = 0; (d = text.charCodeAt(p) - 48) >= 0 && d <= 9; p++) {
      if (count >= mostDigits) continue;
      digits = digits * 10 + d;
      count++;
      exponent--;
    }
  }
  if (text[p] === 'e' || text[p] === 'E') exponent += Number(text.slice(p + 1));
  const value = scaled(digits, exponent);
  return isNegative ? -value : value;
}
