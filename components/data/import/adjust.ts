import { type FactorRule, priceNames } from './options.ts';

/**
 * Adjusted fields from raw columns, all in float64: factor = numerator / denominator, prices x factor, volume / factor,
 * change = close / close of the row before - 1 (NaN in the first). The denominator itself, a price, becomes the numerator: no rounding lies between.
 */
export function adjusted(
  columns: ReadonlyMap<string, Float64Array>,
  { numerator, denominator }: FactorRule,
  length: number,
): Map<string, Float64Array> {
  const up = columns.get(numerator)!;
  const down = denominator === null ? null : columns.get(denominator)!;
  const factor = down ? Float64Array.from({ length }, (_, i) => up[i]! / down[i]!) : up;
  const fields = new Map<string, Float64Array>();
  for (const [name, values] of columns) {
    if (name === denominator && priceNames.includes(name)) fields.set(name, up);
    else if (priceNames.includes(name))
      fields.set(
        name,
        values.map((x, i) => x * factor[i]!),
      );
    else if (name === 'volume')
      fields.set(
        name,
        values.map((x, i) => x / factor[i]!),
      );
    else fields.set(name, values);
  }
  fields.set('factor', factor);
  const close = fields.get('close');
  if (close)
    fields.set(
      'change',
      close.map((x, i) => (i === 0 ? Number.NaN : x / close[i - 1]! - 1)),
    );
  return fields;
}
