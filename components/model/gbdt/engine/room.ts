import { UserError } from '../../../core/errors.ts';

/** What memory of 32-bit addresses can be. */
export const mostBytes = 2 ** 32;

/** Bins are laid out by feature as well, for parting and walking rows, while the memory stays below this. */
export const roomyBytes = 2 ** 31;

/** What trees are grown in, if the bins of a training lie there by row, and with those of its validation set by feature. */
export function roomFor(rows: number, validRows: number, features: number, classes: number): number {
  return (rows + validRows) * features + rowsBytes(rows, features, classes);
}

function rowsBytes(rows: number, features: number, classes: number): number {
  return rows * (features + 8 * classes + 12);
}

/**
 * Refuses a training that its memory cannot hold, before anything is computed: a byte a feature, (gradient, hessian) a class and three row numbers for
 * each row. @throws UserError
 */
export function checkRoom(rows: number, features: number, classes: number): void {
  const bytes = rowsBytes(rows, features, classes);
  if (bytes <= mostBytes) return;
  const most = Math.floor(mostBytes / (bytes / rows));
  throw new UserError(
    `${rows} rows of ${features} features need ${(bytes / 1e9).toFixed(1)} GB to grow trees on, which have ${(mostBytes / 1e9).toFixed(1)} GB`,
    { hint: `train on at most ${most} rows, or on fewer features` },
  );
}
