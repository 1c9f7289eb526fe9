import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const latents = 24;

/**
 * Writes X.f32, column after column, and y.f32: features shaped like Alpha158's (ratios with heavy tails, ranks and counts with few values, bounded
 * correlations, some missing) over common latent factors, and a noisy label of unit variance that depends on them a little, as returns do.
 */
export function writeSyntheticAlphas(folder: string, rows: number, columns: number): void {
  const random = makeRandom(158);
  const factors = Array.from({ length: latents }, () =>
    Float32Array.from({ length: rows }, () => normal(random)),
  );
  const X = openSync(join(folder, 'X.f32'), 'w');
  const values = new Float32Array(rows);
  for (let c = 0; c < columns; c++) {
    const [a, b] = [factors[c % latents]!, factors[(7 * c + 3) % latents]!];
    const kind = c % 8;
    const window = [5, 10, 20, 30, 60][c % 5]!;
    for (let r = 0; r < rows; r++) {
      const x = 0.7 * a[r]! + 0.4 * b[r]! + 0.6 * normal(random);
      if (kind === 0) values[r] = Math.floor(window / (1 + Math.exp(-x))) / window;
      else if (kind === 1) values[r] = Math.tanh(x);
      else if (kind === 2) values[r] = Math.max(0, x) * 0.02;
      else if (kind < 6) values[r] = 1 + 0.03 * x * (1 + 0.3 * x * x);
      else values[r] = Math.exp(0.5 * x);
      if (random() < 1e-4) values[r] = Number.NaN;
    }
    writeSync(X, values);
  }
  closeSync(X);
  const y = Float32Array.from({ length: rows }, (_, r) => {
    const f = (k: number) => factors[k]![r]!;
    const signal = f(0) * f(1) + Math.abs(f(2)) + (f(3) > 1 ? f(4) : 0) + 0.5 * f(5) + Math.sin(2 * f(6));
    return 0.1 * signal + normal(random);
  });
  const file = openSync(join(folder, 'y.f32'), 'w');
  writeSync(file, y);
  closeSync(file);
}

/** Numbers in [0, 1) by xorshift. */
function makeRandom(seed: number): () => number {
  let x = seed;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

/** About normal: the sum of four uniform numbers. */
function normal(random: () => number): number {
  return (random() + random() + random() + random() - 2) * Math.sqrt(3);
}
