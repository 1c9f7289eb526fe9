import { Position } from '../../../components/backtest/position.ts';
import { PyFloat, PyObject, PyTimestamp } from '../../../components/core/python.ts';
import type { RunWork } from '../../template/run-work.ts';
import type { Recorder } from '../../tracking/recorder.ts';

/** What was held at the end of each step. Weights are shares of the account. */
export interface Holdings {
  readonly times: Float64Array;
  readonly count: Float64Array;
  readonly cashShare: Float64Array;
  /** Weight of the largest position. */
  readonly largest: Float64Array;
  readonly instruments: readonly InstrumentHolding[];
  /** Adjusted shares at the end of the first step. */
  readonly firstAmounts: ReadonlyMap<string, number>;
}

export interface InstrumentHolding {
  readonly instrument: string;
  /** Steps held. */
  readonly steps: number;
  /** Over the steps held. */
  readonly meanWeight: number;
  readonly maxWeight: number;
  /** At the end of the last step. */
  readonly lastWeight: number;
}

/** Of `positions_normal_1day.pkl`, qlib's dict of Position by Timestamp; undefined where it is not there or something else. */
export async function loadHoldings(
  recorder: Recorder,
  names: ReadonlySet<string>,
  freq: string,
  work?: RunWork,
): Promise<Holdings | undefined> {
  const name = `portfolio_analysis/positions_normal_${freq}.pkl`;
  if (!names.has(name)) return undefined;
  const kept = await work?.kept(name);
  if (kept instanceof Map) return heldThrough(kept);
  const positions = await recorder.loadObject(name);
  if (!(positions instanceof Map)) return undefined;
  const steps = [...positions].flatMap(([time, position]) => {
    const held = bookOf(position);
    return time instanceof PyTimestamp && held ? [{ time: time.time, held }] : [];
  });
  return steps.length > 0 ? summed(steps) : undefined;
}

/** Adjusted shares at the end of the first step of positions as a backtest has them: `firstAmounts` of what is saved of them. */
export function firstAmountsOf(positions: ReadonlyMap<unknown, unknown>): ReadonlyMap<string, number> {
  for (const [time, position] of positions)
    if (typeof time === 'number' && position instanceof Position) return bookOfPosition(position).amounts;
  return new Map();
}

/** Of positions by time as a backtest has them: what `loadHoldings` finds in what is saved of them. */
function heldThrough(positions: ReadonlyMap<unknown, unknown>): Holdings | undefined {
  const steps = [...positions].flatMap(([time, position]) =>
    typeof time === 'number' && position instanceof Position
      ? [{ time, held: bookOfPosition(position) }]
      : [],
  );
  return steps.length > 0 ? summed(steps) : undefined;
}

function bookOfPosition(position: Position): Book {
  const values = new Map<string, number>();
  const amounts = new Map<string, number>();
  let stock = 0;
  for (const [instrument, { amount, price }] of position.holdings) {
    const value = amount * price;
    amounts.set(instrument, amount);
    values.set(instrument, value);
    if (!Number.isNaN(value)) stock += value;
  }
  const cash = position.cash() + (position.delayedCash() ?? 0);
  return { cash, account: stock + cash, values, amounts };
}

interface Book {
  readonly cash: number;
  readonly account: number;
  /** Money by instrument. */
  readonly values: ReadonlyMap<string, number>;
  readonly amounts: ReadonlyMap<string, number>;
}

/** The state of one Position. */
export function bookOf(position: unknown): Book | undefined {
  const held = position instanceof PyObject ? position.state.get('position') : position;
  if (!(held instanceof Map)) return undefined;
  const values = new Map<string, number>();
  const amounts = new Map<string, number>();
  let stock = 0;
  for (const [key, holding] of held) {
    if (typeof key !== 'string' || !(holding instanceof Map)) continue;
    const amount = numberOf(holding.get('amount'));
    const value = amount * numberOf(holding.get('price'));
    amounts.set(key, amount);
    values.set(key, value);
    if (!Number.isNaN(value)) stock += value;
  }
  const cash = numberOf(held.get('cash')) + (held.has('cash_delay') ? numberOf(held.get('cash_delay')) : 0);
  return { cash, account: stock + cash, values, amounts };
}

/** A Python number as one of ours. */
export function numberOf(value: unknown): number {
  if (value instanceof PyFloat) return value.value;
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.NaN;
}

function summed(steps: readonly { time: number; held: Book }[]): Holdings {
  const sums = new Map<string, { steps: number; weight: number; max: number; last: number }>();
  const largest = new Float64Array(steps.length);
  steps.forEach(({ held }, t) => {
    for (const [instrument, value] of held.values) {
      const weight = value / held.account;
      if (Number.isNaN(weight)) continue;
      if (weight > largest[t]!) largest[t] = weight;
      let sum = sums.get(instrument);
      if (!sum) sums.set(instrument, (sum = { steps: 0, weight: 0, max: 0, last: 0 }));
      sum.steps++;
      sum.weight += weight;
      sum.max = Math.max(sum.max, weight);
      if (t === steps.length - 1) sum.last = weight;
    }
  });
  return {
    times: Float64Array.from(steps, (s) => s.time),
    count: Float64Array.from(steps, (s) => s.held.values.size),
    cashShare: Float64Array.from(steps, ({ held }) => held.cash / held.account),
    largest,
    instruments: [...sums].map(([instrument, { steps: count, weight, max, last }]) => ({
      instrument,
      steps: count,
      meanWeight: weight / count,
      maxWeight: max,
      lastWeight: last,
    })),
    firstAmounts: steps[0]!.held.amounts,
  };
}
