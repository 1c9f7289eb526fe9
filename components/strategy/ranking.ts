import type { Scores } from '../backtest/signal.ts';

/** Instruments by score, highest first; NaN last; ties by name. pandas' `sort_values(ascending=False)`, whose order of ties is no contract. */
export function rankByScore(
  instruments: readonly string[],
  scoreOf: (instrument: string, at: number) => number,
): string[] {
  const scores = Float64Array.from(instruments, scoreOf);
  const order = Uint32Array.from(instruments, (_, i) => i);
  order.sort((a, b) => {
    const x = scores[a]!;
    const y = scores[b]!;
    if (x > y) return -1;
    if (x < y) return 1;
    if (x === y) return a - b;
    return Number.isNaN(x) ? (Number.isNaN(y) ? a - b : 1) : -1;
  });
  return Array.from(order, (i) => instruments[i]!);
}

/** All instruments that have a row in the scores, ranked. */
export function rankScores({ instruments, values }: Scores): string[] {
  return rankByScore(instruments, (_, i) => values[i]!);
}
