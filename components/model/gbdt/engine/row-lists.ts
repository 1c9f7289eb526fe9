import { blockRows } from '../tree/walk.ts';

const tableBytes = 256;

/** Bytes of a thread's working memory: which bins go left, then two lists of rows. */
export const threadBytes = tableBytes + 2 * 4 * blockRows;

/** Places in the working memory of thread `rank`, which begins at `threads` for thread 0. */
export function threadPlaces(threads: number, rank: number): { goes: number; list: number; spare: number } {
  const goes = threads + rank * threadBytes;
  return { goes, list: goes + tableBytes, spare: goes + tableBytes + 4 * blockRows };
}
