import type { BinMapper } from '../bins/bin-mapper.ts';
import { missingNaN, missingZero } from '../constants.ts';

/** Which bins of a number go left at a node. */
export interface BinRule {
  /** The last bin that goes left. */
  readonly threshold: number;
  readonly defaultLeft: boolean;
}

/** Writes 1 for each bin that goes left, else 0. */
export function goesLeftInto(mapper: BinMapper, { threshold, defaultLeft }: BinRule, out: Uint8Array): void {
  out.fill(1, 0, threshold + 1).fill(0, threshold + 1);
  const side = defaultLeft ? 1 : 0;
  if (mapper.missing === missingNaN) out[mapper.bins - 1] = side;
  else if (mapper.missing === missingZero) out[mapper.defaultBin] = side;
}
