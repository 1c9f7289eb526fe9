import { UserError } from '../core/errors.ts';
import { mapMatrix, zeros } from './matrix.ts';
import type { DenseMatrix, RiskRequest } from './types.ts';

/** kwargs of every risk model. */
export interface RiskModelOptions {
  /**
   * What is done about NaN: `ignore` nothing (they end up in the covariance); `fill` takes 0; `mask` leaves them out of each pair. Default
   * ignore.
   */
  readonly nan_option?: 'ignore' | 'mask' | 'fill';
  /** The means are 0 already. */
  readonly assume_centered?: boolean;
  /** Returns in percent. Default true. */
  readonly scale_return?: boolean;
}

/** JSON schema of RiskModelOptions' properties. */
export const riskModelProperties = {
  nan_option: { enum: ['ignore', 'mask', 'fill'] },
  assume_centered: { type: 'boolean' },
  scale_return: { type: 'boolean' },
} as const;

/** Returns, ready to be multiplied. */
export interface Observations {
  /** `(observations, variables)`; with a mask, 0 where nothing was observed. */
  readonly x: DenseMatrix;
  /** 1 where something was observed; null where that is not asked. */
  readonly seen: DenseMatrix | null;
}

/**
 * qlib's `RiskModel.predict` up to the estimate: changes of prices, percent, NaN, means. An observation needs at least one before it.
 * @throws UserError where there are no observations
 */
export function prepareObservations(
  data: DenseMatrix,
  { nan_option = 'ignore', assume_centered = false, scale_return = true }: RiskModelOptions,
  { isPrice = true }: RiskRequest = {},
): Observations {
  const scale = scale_return ? 100 : 1;
  const returns = isPrice ? changes(data, scale) : mapMatrix(data, (x) => x * scale);
  if (returns.rows < 1) throw new UserError(`a risk model got ${data.rows} observations`);
  const filled = nan_option === 'fill' ? mapMatrix(returns, finite) : returns;
  const seen = nan_option === 'mask' ? mapMatrix(filled, (x) => (Number.isFinite(x) ? 1 : 0)) : null;
  const means = new Float64Array(filled.columns);
  if (!assume_centered)
    for (let j = 0; j < filled.columns; j++) {
      let sum = 0;
      let count = 0;
      for (let i = 0; i < filled.rows; i++) {
        const x = filled.values[i * filled.columns + j]!;
        if (Number.isNaN(x) || (seen && !Number.isFinite(x))) continue;
        sum += x;
        count++;
      }
      means[j] = sum / count;
    }
  const x = mapMatrix(filled, (value, i, j) =>
    seen && seen.values[i * seen.columns + j] === 0 ? 0 : value - means[j]!,
  );
  return { x, seen };
}

function changes({ rows, columns, values }: DenseMatrix, scale: number): DenseMatrix {
  const out = zeros(Math.max(0, rows - 1), columns);
  for (let at = 0; at < out.values.length; at++)
    out.values[at] = (values[at + columns]! / values[at]! - 1) * scale;
  return out;
}

/** numpy's `nan_to_num`. */
function finite(x: number): number {
  if (Number.isNaN(x)) return 0;
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, x));
}
