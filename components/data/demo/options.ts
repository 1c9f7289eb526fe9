import { UserError } from '../../core/errors.ts';

/** Counts up whenever the same options give other bytes. */
export const demoMarketVersion = 2;

export interface DemoMarketOptions {
  /** Number of instruments beside the index. */
  readonly instruments?: number;
  /** Calendar years, the last of which is 2023. */
  readonly years?: number;
  readonly seed?: number;
}

export type DemoMarket = Required<DemoMarketOptions>;

export const lastYear = 2023;

/** Fills in 120 instruments, 8 years, seed 7. @throws UserError for values out of range. */
export function normalizeDemoOptions(options: DemoMarketOptions = {}): DemoMarket {
  const { instruments = 120, years = 8, seed = 7 } = options;
  const whole = (name: string, value: number, least: number, most: number) => {
    if (!Number.isInteger(value) || value < least || value > most)
      throw new UserError(`${name} is ${value}`, {
        hint: `allowed: a whole number from ${least} to ${most}`,
        path: [name],
      });
  };
  whole('instruments', instruments, 10, 20_000);
  whole('years', years, 1, 40);
  whole('seed', seed, 0, 2 ** 31 - 1);
  return { instruments, years, seed };
}
