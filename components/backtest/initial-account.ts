import type { Context } from '../core/context.ts';
import { dayMs, type Time } from '../core/dates.ts';
import { type KeyPath, UserError } from '../core/errors.ts';
import { unknownName } from '../core/nearest.ts';
import { denseValues } from '../core/panel.ts';
import type { SharedAccount } from './account.ts';
import { show } from './exchange-options.ts';
import { InfPosition } from './inf-position.ts';
import { type Holding, Position, type ShortTerms } from './position.ts';

const lookBackDays = 30;
const positionTypes = ['Position', 'InfPosition', 'SignedPosition'];

const ratio = { type: 'number', exclusiveMinimum: 0 };

/** JSON schema of `short_selling` of a backtest. */
export const shortSchema = {
  type: ['object', 'null'],
  description: 'terms of pos_type SignedPosition',
  properties: {
    borrow_rate: {
      type: 'number',
      minimum: 0,
      description: 'fee a year for what is sold short, a share of its value; default 0.03',
    },
    margin_ratio: { ...ratio, description: 'equity by the value of all holdings to open more; default 0.5' },
    maintenance_ratio: { ...ratio, description: 'below it holdings are reduced by force; default 0.25' },
  },
  additionalProperties: false,
} as const;

/**
 * Reads `account`: cash, or `{cash, INSTRUMENT: shares | {amount, price}}`, shares adjusted. A holding without
 * a price gets the last close of the 30 days before the start, or the start's own (what qlib means to do: there
 * it fails, as its look-up is by the wrong key).
 * @throws UserError for anything else, and where no such close is found
 */
export async function readAccount(
  context: Context,
  account: unknown,
  posType: unknown,
  shortSelling: unknown,
  start: Time,
  base: KeyPath,
): Promise<SharedAccount> {
  const path = [...base, 'account'];
  const initialCash = readCash(account, path);
  if (!positionTypes.includes(String(posType)))
    throw unknownName('position type', String(posType), positionTypes, [...base, 'pos_type']);
  const short = readShortTerms(shortSelling, posType, [...base, 'short_selling']);
  if (posType === 'InfPosition') return { initialCash, position: new InfPosition(), turnover: 0, cost: 0 };
  const holdings =
    typeof account === 'object' ? readHoldings(account as Record<string, unknown>, short !== null, path) : [];
  await fillPrices(context, holdings, start, path);
  const position = new Position(initialCash, holdings, short);
  if (holdings.length > 0) position.accountValue = position.value();
  else position.accountValue = initialCash;
  return { initialCash, position, turnover: 0, cost: 0 };
}

function readCash(account: unknown, path: KeyPath): number {
  const isDict = typeof account === 'object' && account !== null && !Array.isArray(account);
  const cash = isDict ? (account as Record<string, unknown>)['cash'] : account;
  if (typeof cash === 'number' && Number.isFinite(cash) && cash >= 0) return cash;
  throw new UserError(isDict && cash === undefined ? 'account has no cash' : `account is ${show(account)}`, {
    hint: 'a sum of money, or {cash: ..., INSTRUMENT: {amount: ..., price: ...}} is needed',
    path,
  });
}

function readShortTerms(given: unknown, posType: unknown, path: KeyPath): ShortTerms | null {
  if (posType !== 'SignedPosition') {
    if (given === undefined || given === null) return null;
    throw new UserError('short_selling is set, but the position holds no shorts', {
      hint: 'set pos_type: SignedPosition',
      path,
    });
  }
  const terms = (given ?? {}) as Readonly<Record<string, unknown>>;
  const number = (key: string, fallback: number, least: number): number => {
    const value = terms[key] ?? fallback;
    if (typeof value === 'number' && Number.isFinite(value) && value >= least) return value;
    throw new UserError(`${key} is ${show(value)}`, {
      hint: least > 0 ? 'a share above 0 is needed' : 'a share >= 0 is needed',
      path: [...path, key],
    });
  };
  const marginRatio = number('margin_ratio', 0.5, Number.MIN_VALUE);
  const maintenanceRatio = number('maintenance_ratio', Math.min(0.25, marginRatio), Number.MIN_VALUE);
  if (maintenanceRatio > marginRatio)
    throw new UserError(`maintenance_ratio ${maintenanceRatio} is above margin_ratio ${marginRatio}`, {
      path: [...path, 'maintenance_ratio'],
    });
  return { borrowRate: number('borrow_rate', 0.03, 0), marginRatio, maintenanceRatio };
}

function readHoldings(
  account: Readonly<Record<string, unknown>>,
  isSigned: boolean,
  path: KeyPath,
): [string, Holding][] {
  return Object.entries(account)
    .filter(([key]) => key !== 'cash')
    .map(([instrument, value]) => {
      const { amount, price } = (typeof value === 'object' && value !== null ? value : { amount: value }) as {
        amount?: unknown;
        price?: unknown;
      };
      const isPrice =
        price === undefined || price === null || (typeof price === 'number' && Number.isFinite(price));
      if (typeof amount !== 'number' || !Number.isFinite(amount) || (amount < 0 && !isSigned) || !isPrice)
        throw new UserError(`account holds ${show(value)} of ${instrument}`, {
          hint:
            typeof amount === 'number' && amount < 0
              ? 'less than nothing needs pos_type: SignedPosition'
              : 'a number of shares, or {amount: shares, price: money} is needed',
          path: [...path, instrument],
        });
      return [
        instrument,
        { amount, price: typeof price === 'number' ? price : Number.NaN, weight: undefined, counts: {} },
      ];
    });
}

async function fillPrices(
  { data }: Context,
  holdings: readonly (readonly [string, Holding])[],
  start: Time,
  path: KeyPath,
): Promise<void> {
  const lacking = holdings.filter(([, holding]) => Number.isNaN(holding.price));
  if (lacking.length === 0) return;
  const panel = await data.features({
    instruments: lacking.map(([instrument]) => instrument),
    fields: [{ group: null, name: 'close', expression: '$close' }],
    start: start - lookBackDays * dayMs,
    end: start,
  });
  const close = denseValues(panel.columns[0]!);
  const rowTimes = panel.index.timeCodes();
  for (const [instrument, holding] of lacking) {
    for (let row = 0; row < close.length; row++) {
      if (panel.index.instruments[panel.index.codes[row]!] !== instrument || Number.isNaN(close[row]!))
        continue;
      const isStart = panel.index.times[rowTimes[row]!] === start;
      if (!isStart || Number.isNaN(holding.price)) holding.price = close[row]!;
    }
    if (Number.isNaN(holding.price))
      throw new UserError(`${instrument} has no close in the ${lookBackDays} days before the start`, {
        hint: 'give its price: {amount: ..., price: ...}',
        path: [...path, instrument],
      });
  }
}
