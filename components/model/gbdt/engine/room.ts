import { UserError } from '../../../core/errors.ts';

/** What memory of 32-bit addresses can be. */
export const mostBytes = 2 ** 32;

/**
 * Refuses a training that its memory cannot hold, before anything is computed: a byte a feature, (gradient, hessian) a class and three row numbers for
 * each row. @throws UserError
 */
export function checkRoom(rows: number, features: number, classes: number): void {
  const bytes = rows * (features + 8 * classes + 12);
  if (bytes <= mostBytes) return;
  const most = Math.floor(mostBytes / (bytes / rows));
  throw new UserError(
    `${rows} rows of ${features} features need ${(bytes / 1e9).toFixed(1)} GB to grow trees on, which have ${(mostBytes / 1e9).toFixed(1)} GB`,
    { hint: `train on at most ${most} rows, or on fewer features` },
  );
}
