/** Rows of X that one pass of the matrix product takes, and how many columns of X'X a tile of its triangle has. */
export const passRows = 320;
const triangleTile = 8;

/** Lengths of the passes over `rows` rows: 320 each, the last 320 to 639 rows in two halves. */
export function passesOf(rows: number): number[] {
  const passes: number[] = [];
  for (let left = rows; left > 0; ) {
    const pass = left >= 2 * passRows ? passRows : left > passRows ? Math.floor((left + 1) / 2) : left;
    passes.push(pass);
    left -= pass;
  }
  return passes;
}

/** Whether a product of an (m, n) block sums the even and the odd rows of entry (r, c) apart: its register tiles of 8 x 6 and 8 x 4 do. */
export function isPaired(m: number, n: number, r: number, c: number): boolean {
  const blocks = m >> 3;
  const block = r >> 3;
  const wide = Math.floor(n / 12) * 12;
  if (c < wide) {
    // strips of 12 columns: the left six take single blocks of 8 rows first, pairs of blocks after, the right six pairs first
    if (m < 16 || block >= blocks) return false;
    const last = block === blocks - 1;
    return c % 12 < 6 ? block === 0 || (blocks % 2 === 0 && last) : blocks % 2 === 1 && last;
  }
  const rest = n - wide;
  const at = c - wide - (rest >= 8 ? 8 : 0);
  return rest % 8 >= 4 && at >= 0 && at < 4 && block < blocks;
}

/** First column of each thread's part of the lower triangle of a (p, p) product, and p at the end: parts of about equal area. */
function partsOf(p: number, threads: number): number[] {
  if (threads === 1 || p < threads * triangleTile) return [0, p];
  const bounds = [0];
  const area = (p * p) / threads;
  for (let from = 0; from < p; ) {
    let width = p - from;
    if (threads - (bounds.length - 1) > 1) {
      const ideal = Math.trunc(Math.sqrt(from * from + area) - from + (triangleTile - 1));
      const rounded = Math.floor(ideal / triangleTile) * triangleTile;
      if (rounded <= p - from && rounded >= triangleTile - 1) width = rounded;
    }
    from += width;
    bounds.push(from);
  }
  return bounds;
}

/**
 * The entries (i, j), i < j, of X'X whose even and odd rows are summed apart when `threads` threads compute it: those between the
 * threads' parts. With one thread there are none.
 */
export function pairedEntries(p: number, threads: number): { i: number; j: number }[] {
  const bounds = partsOf(p, threads);
  const found: { i: number; j: number }[] = [];
  for (let part = 1; part + 1 < bounds.length; part++) {
    const top = bounds[part]!;
    const m = bounds[part + 1]! - top;
    for (let other = 0; other < part; other++) {
      const width = bounds[other + 1]! - bounds[other]!;
      const step = Math.ceil(Math.ceil(width / 2) / triangleTile) * triangleTile;
      for (let left = bounds[other]!; left < bounds[other + 1]!; left += step) {
        const n = Math.min(step, bounds[other + 1]! - left);
        for (let c = 0; c < n; c++)
          for (let r = 0; r < m; r++) if (isPaired(m, n, r, c)) found.push({ i: left + c, j: top + r });
      }
    }
  }
  return found;
}
