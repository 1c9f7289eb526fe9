import { exp } from './elementary.ts';
import { type CommonFactors, nextVariance } from './factors.ts';
import type { Profile } from './profile.ts';

/** One instrument from its first to its last day: total return index and what trading looked like. */
export interface Path {
  /** Value of one unit bought on the first day, dividends reinvested. */
  readonly value: Float64Array;
  /** Return from the close before to the open. */
  readonly overnight: Float64Array;
  /** Standard deviation of the day, all parts. */
  readonly spread: Float64Array;
  /** Shares traded, as a share of all. */
  readonly turnover: Float64Array;
}

const clip = (x: number, limit: number) => Math.max(-limit, Math.min(limit, x));

/** Sum of a[from .. to) by its running sums, from 0 on. */
function windowSum(sums: Float64Array, from: number, to: number): number {
  return sums[Math.max(0, to)]! - sums[Math.max(0, from)]!;
}

/**
 * Return = beta x market + load x sector + own shock with clustered variance + what the past foretells. The own part's mean is, in its
 * standard deviations, and from what was known two closes before (an order placed after a close trades at the next one):
 *
 * - reversal: the own return of five days goes back in part, more so after busy days (a product that no linear model sees);
 * - momentum: the own return of the 55 days before those goes on;
 * - attention: volume above its mean of 60 days is followed by less.
 */
export function simulatePath(profile: Profile, factors: CommonFactors): Path {
  const { random, firstDay, lastDay, beta, sectorLoad, volatility } = profile;
  const length = lastDay - firstDay + 1;
  const sector = factors.sectors[profile.sector]!;
  const [value, overnight] = [new Float64Array(length), new Float64Array(length)];
  const [spread, turnover] = [new Float64Array(length), new Float64Array(length)];
  const ownSums = new Float64Array(length + 1);
  const volumeSums = new Float64Array(length + 1);
  let variance = random.between(0.6, 1.6);
  let busy = 0;
  for (let k = 0; k < length; k++) {
    const day = firstDay + k;
    const known = k - 1;
    const week = clip(windowSum(ownSums, known - 5, known) / (volatility * 2.24), 2.5);
    const months = clip(windowSum(ownSums, known - 60, known - 5) / (volatility * 7.4), 2.5);
    const recent = windowSum(volumeSums, known - 5, known) / 5;
    const usual = windowSum(volumeSums, known - 60, known) / Math.max(1, Math.min(60, known));
    const attention = known < 20 ? 0 : clip((recent - usual) * 2.5, 2.5);
    const foretold = -0.055 * week * (1 + 0.5 * attention) + 0.032 * months - 0.032 * attention;
    const shock = random.shock();
    const sigma = volatility * Math.sqrt(variance);
    const own = sigma * shock + volatility * foretold;
    const decline = profile.delisted && lastDay - day < 150 ? -0.006 : 0;
    const r = clip(beta * factors.market[day]! + sectorLoad * sector[day]! + own + decline, 0.25);
    value[k] = (k === 0 ? 1 : value[k - 1]!) * (1 + (k === 0 ? 0 : r));
    overnight[k] = k === 0 ? 0 : clip(0.35 * r + 0.3 * sigma * random.normal(), 0.2);
    spread[k] = Math.sqrt(sigma * sigma + 0.00011);
    busy = 0.86 * busy + 0.22 * random.normal();
    const logVolume = busy + 0.22 * (Math.min(4, Math.abs(shock)) - 0.8) + factors.activity[day]!;
    turnover[k] = profile.turnover * exp(logVolume);
    ownSums[k + 1] = ownSums[k]! + own;
    volumeSums[k + 1] = volumeSums[k]! + logVolume;
    variance = nextVariance(variance, shock);
  }
  return { value, overnight, spread, turnover };
}
