import type { Context } from '../core/context.ts';
import { dayMs, lowerBound, upperBound } from '../core/dates.ts';
import { type KeyPath, UserError } from '../core/errors.ts';
import { denseValues, Panel } from '../core/panel.ts';
import type { InstrumentsSpec } from '../data/provider.ts';
import { show } from './exchange-options.ts';
import { Scores } from './scores.ts';
import { readSignalFile } from './signal-file.ts';
import { isTable, tableToPanel } from './signal-table.ts';
import type { Period } from './strategy.ts';
import type { StepTime } from './trade-calendar.ts';

/** Where a strategy's scores come from: qlib's Signal. */
export interface Signal {
  /** The latest scores in a time; undefined where there is none. */
  at(time: StepTime): Scores | undefined;
  /** Instruments that have a score up to the period's end; undefined: any. */
  universe?(period: Period): ReadonlySet<string>;
}

/** How a signal is made, once the time of the backtest is known. */
export type SignalSource = (period: Period) => Promise<Signal>;

/**
 * How far an expression is computed before the start: the step before the backtest's first may be months long.
 */
const lookBack = 400 * dayMs;

/**
 * Reads a strategy's `signal`: scores as a panel (of several columns the first counts) or a table; a pair
 * (model, dataset), which predicts; a class of kind signal; a `.csv` file with columns datetime, instrument and
 * score; an expression, as text with a `$` or as {expression, instruments}.
 * @throws UserError for anything else
 */
export function readSignal(context: Context, given: unknown, path: KeyPath = ['signal']): SignalSource {
  if (given instanceof Panel) return async () => panelSignal(given);
  if (isTable(given)) return async () => panelSignal(tableToPanel(given));
  if (isSignal(given)) return async () => given;
  if (Array.isArray(given) && given.length === 2 && isPredictor(given[0])) {
    const [model, dataset] = given as [Predictor, unknown];
    return async () => panelSignal(await model.predict(dataset));
  }
  if (typeof given === 'string' && given.endsWith('.csv'))
    return async () => panelSignal(await readSignalFile(given, path));
  if (typeof given === 'string' && given.includes('$')) return expressionSignal(context, given, 'all');
  if (isExpression(given)) return expressionSignal(context, given.expression, given.instruments ?? 'all');
  if (typeof given === 'string' || (typeof given === 'object' && given !== null && 'class' in given))
    return () => context.build('signal', given, path);
  throw new UserError(`signal is ${show(given)}`, {
    hint: 'scores (<PRED>), a pair [model, dataset], an expression, a .csv file or a class are allowed',
    path,
  });
}

interface Predictor {
  predict(dataset: unknown): Promise<Panel>;
}

function isPredictor(value: unknown): value is Predictor {
  return (
    typeof value === 'object' && value !== null && 'predict' in value && typeof value.predict === 'function'
  );
}

function isSignal(value: unknown): value is Signal {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && 'at' in value && typeof value.at === 'function';
}

function isExpression(value: unknown): value is { expression: string; instruments?: InstrumentsSpec } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'expression' in value &&
    typeof value.expression === 'string'
  );
}

function expressionSignal(context: Context, expression: string, instruments: InstrumentsSpec): SignalSource {
  return async ({ start, end }) => {
    const fields = [{ group: null, name: 'score', expression }];
    return panelSignal(await context.data.features({ instruments, fields, start: start - lookBack, end }));
  };
}

/**
 * Scores held in a panel. Where a step covers several times, each instrument's last score that is not NaN
 * counts (pandas' `last`).
 */
export function panelSignal(panel: Panel): Signal {
  const { index, columns } = panel;
  const column = columns[0];
  if (!column) throw new UserError('the signal has no column', { path: ['signal'] });
  const values = denseValues(column);
  const codeOf = new Map(index.instruments.map((name, code) => [name, code]));
  return {
    at({ start, end }) {
      const from = lowerBound(index.times, start);
      const to = upperBound(index.times, end);
      const hasRows = from < to && index.offsets[from]! < index.offsets[to]!;
      return hasRows ? Scores.of(index, values, codeOf, from, to) : undefined;
    },
    universe({ end }) {
      const { to } = index.range(null, end);
      const isKnown = new Uint8Array(index.instruments.length);
      for (let row = 0; row < to; row++) isKnown[index.codes[row]!] = 1;
      return new Set(index.instruments.filter((_, code) => isKnown[code]));
    },
  };
}

declare module '../core/context.ts' {
  interface ComponentKinds {
    signal: Signal;
  }
}
