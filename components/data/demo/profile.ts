import { exp } from './elementary.ts';
import { sectors } from './factors.ts';
import type { DemoMarket } from './options.ts';
import { Random } from './random.ts';

/** What makes one instrument: drawn once, from its own stream. */
export interface Profile {
  readonly name: string;
  readonly sector: number;
  /** Indices into the calendar, both included. */
  readonly firstDay: number;
  readonly lastDay: number;
  readonly delisted: boolean;
  readonly beta: number;
  readonly sectorLoad: number;
  /** Standard deviation of the own part of a day's return. */
  readonly volatility: number;
  readonly firstPrice: number;
  readonly shares: number;
  /** Share of the shares traded on a mean day. */
  readonly turnover: number;
  /** Dividend of a quarter as a share of the price; 0: none. */
  readonly dividendYield: number;
  /** Day of the quarter on which it is paid. */
  readonly dividendDay: number;
  /** The stream that goes on with the path. */
  readonly random: Random;
}

/** `TECH07`: as many digits as the largest sector needs, at least two. */
export function instrumentName(index: number, instruments: number): string {
  const largest = Math.ceil(instruments / sectors.length);
  const number = Math.floor(index / sectors.length) + 1;
  return sectors[index % sectors.length]! + String(number).padStart(Math.max(2, String(largest).length), '0');
}

/** One instrument in six is listed after the first day; one in 120, at least one, is delisted in the last third. */
export function drawProfile(market: DemoMarket, index: number, days: number): Profile {
  const { instruments, seed } = market;
  const random = new Random(seed, 1000 + index);
  const late = random.uniform() < 1 / 6;
  const listedAt = Math.floor(random.between(0.03, 0.6) * days);
  const endsAt = Math.floor(random.between(0.72, 0.92) * days);
  const delisted = index % 120 === Math.min(17, instruments - 1);
  const size = exp(1.3 * random.normal());
  const firstPrice = exp(random.between(2.3, 5));
  return {
    name: instrumentName(index, instruments),
    sector: index % sectors.length,
    firstDay: late && !delisted ? listedAt : 0,
    lastDay: delisted ? endsAt : days - 1,
    delisted,
    beta: random.between(0.6, 1.4),
    sectorLoad: random.between(0.5, 1.3),
    volatility: random.between(0.01, 0.024),
    firstPrice,
    shares: Math.round((2e9 * size) / firstPrice),
    turnover: random.between(0.003, 0.015),
    dividendYield: random.uniform() < 0.5 ? random.between(0.002, 0.009) : 0,
    dividendDay: Math.floor(random.between(0, 63)),
    random,
  };
}
