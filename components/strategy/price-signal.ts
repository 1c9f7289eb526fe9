import { strategyInfra } from '../backtest/infra-properties.ts';
import type { Level } from '../backtest/strategy.ts';
import { lowerBound, upperBound } from '../core/dates.ts';
import { denseValues } from '../core/panel.ts';
import type { InstrumentsSpec } from '../data/provider.ts';

export interface PriceSignalOptions {
  /** Instruments that have the signal. Default csi300, as in qlib. */
  readonly instruments?: InstrumentsSpec | null;
  /** Frequency of the data it is computed from. Default day. */
  readonly freq?: string;
}

/** JSON schema of PriceSignalOptions' properties. */
export const priceSignalProperties = {
  ...strategyInfra,
  instruments: {},
  freq: { type: 'string', pattern: '^\\d*(day|d|minute|min)$' },
} as const;

/** An expression's last value, if any, in the step before the one that is on. */
export type PriceSignal = (instrument: string) => number;

/**
 * Computes an expression for the steps of a level, from one step before them on, for the instruments that are
 * asked for. It is computed anew for each outer step, as qlib does: exponential means begin with the window
 * that is loaded, so their value depends on where it begins.
 */
export async function loadPriceSignal(
  { calendar, context }: Level,
  expression: string,
  { instruments, freq = 'day' }: PriceSignalOptions,
  names: ReadonlySet<string>,
): Promise<PriceSignal> {
  const begin = calendar.stepTime(0, 1).start;
  const range = {
    start: Number.isFinite(begin) ? begin : null,
    end: calendar.stepTime(Math.max(0, calendar.length - 1), 1).end,
    freq,
  };
  const spec = instruments === null ? 'all' : (instruments ?? 'csi300');
  const wanted = Array.isArray(spec)
    ? spec.filter((name) => names.has(name))
    : new Map([...(await context.data.instruments(spec, range))].filter(([name]) => names.has(name)));
  if ((wanted instanceof Map ? wanted.size : wanted.length) === 0 || !Number.isFinite(range.end))
    return () => Number.NaN;
  const fields = [{ group: null, name: 'signal', expression }];
  const panel = await context.data.features({ instruments: wanted, fields, ...range });
  const values = denseValues(panel.columns[0]!);
  const { index } = panel;
  const codes = new Map(index.instruments.map((name, code) => [name, code]));
  return (instrument) => {
    const code = codes.get(instrument);
    if (code === undefined) return Number.NaN;
    const { start, end } = calendar.stepTime(calendar.step, 1);
    for (let t = upperBound(index.times, end) - 1; t >= lowerBound(index.times, start); t--)
      for (let row = index.offsets[t]!; row < index.offsets[t + 1]!; row++)
        if (index.codes[row] === code && !Number.isNaN(values[row]!)) return values[row]!;
    return Number.NaN;
  };
}
