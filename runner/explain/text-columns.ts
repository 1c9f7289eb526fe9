import type { ScoreInfo } from './explanation.ts';

/** Cells in columns, two spaces in front; the first column to the left, figures to the right. */
export function aligned(
  rows: readonly (readonly string[])[],
  { last = 'right' }: { readonly last?: 'left' | 'right' } = {},
): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows.map((row) =>
    `  ${row
      .map((cell, i) => {
        const isLeft = i === 0 || (last === 'left' && i === row.length - 1);
        return isLeft ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!);
      })
      .join('  ')}`.trimEnd(),
  );
}

/** Six digits. */
export function number(x: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'NaN' : x > 0 ? 'inf' : '-inf';
  if (x === 0) return '0';
  const size = Math.abs(x);
  if (size >= 1e6 && size < 1e15) return x.toFixed(0);
  if (size >= 1e-4 && size < 1e15) return String(Number(x.toPrecision(6)));
  return x.toExponential(4);
}

/** Text that can't steer a terminal. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '?');
}

/** `0.0123, rank 5 of 118`. */
export function scoreText({ score, rank, count }: ScoreInfo): string {
  return `${number(score)}, rank ${Number.isNaN(rank) ? '-' : rank} of ${count}`;
}
