const coefficients = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/** Logarithm of the gamma function of x >= 0.5, to about 1e-14 (Lanczos with g = 7). */
export function logGamma(x: number): number {
  const t = x + 6.5;
  let sum = 0.9999999999998099;
  for (const [i, c] of coefficients.entries()) sum += c / (x + i);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}
