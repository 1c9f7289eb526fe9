import type { Context } from '../core/context.ts';
import { dayMs, type Time } from '../core/dates.ts';
import { type KeyPath, UserError } from '../core/errors.ts';
import { unknownName } from '../core/nearest.ts';
import { denseValues } from '../core/panel.ts';
import type { SharedAccount } from './account.ts';
import { show } from './exchange-options.ts';
import { InfPosition } from './inf-position.ts';
import { type Holding, Position } from './position.ts';

const lookBackDays = 30;

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
  start: Time,
  base: KeyPath,
): Promise<SharedAccount> {
  const path = [...base, 'account'];
  const initialCash = readCash(account, path);
  if (posType !== 'Position' && posType !== 'InfPosition')
    throw unknownName('position type', String(posType), ['Position', 'InfPosition'], [...base, 'pos_type']);
  if (posType === 'InfPosition') return { initialCash, position: new InfPosition(), turnover: 0, cost: 0 };
  const holdings = typeof account === 'object' ? readHoldings(account as Record<string, unknown>, path) : [];
  await fillPrices(context, holdings, start, path);
  const position = new Position(initialCash, holdings);
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

function readHoldings(account: Readonly<Record<string, unknown>>, path: KeyPath): [string, Holding][] {
  return Object.entries(account)
    .filter(([key]) => key !== 'cash')
    .map(([instrument, value]) => {
      const { amount, price } = (typeof value === 'object' && value !== null ? value : { amount: value }) as {
        amount?: unknown;
        price?: unknown;
      };
      const isPrice =
        price === undefined || price === null || (typeof price === 'number' && Number.isFinite(price));
      if (typeof amount !== 'number' || !Number.isFinite(amount) || amount < 0 || !isPrice)
        throw new UserError(`account holds ${show(value)} of ${instrument}`, {
          hint: 'a number of shares, or {amount: shares, price: money} is needed',
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
