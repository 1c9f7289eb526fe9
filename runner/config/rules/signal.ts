import { UserError } from '../../../components/core/errors.ts';
import { signalForms, signalProperties } from '../../../components/strategy/signal-options.ts';
import { checkComponent, type FoundComponent, type Inventory } from '../check-component.ts';
import { describe } from '../describe.ts';
import type { Shelves } from '../locate.ts';
import { isMapping, isPlaceholder, isReady } from '../spec.ts';
import { valueAt } from './walk.ts';

/** What a strategy trades by: told before anything is trained where it cannot be a signal. */
export async function checkSignal(
  { kwargs, kwargsPath, definition }: FoundComponent,
  shelves: Shelves,
  found: Inventory,
): Promise<void> {
  const { signal, model, dataset } = kwargs;
  const isPair = isThere(model) && isThere(dataset);
  if (valueAt(definition.schema, ['properties', 'signal']) !== signalProperties.signal) return;
  // without any it is the strategy that says so
  if (signal === undefined || isPair || isReady(signal)) return;
  const path = [...kwargsPath, 'signal'];
  if (isMapping(signal) && typeof signal['expression'] === 'string')
    found.expressions.push({ text: signal['expression'], path: [...path, 'expression'] });
  else if (isExpression(signal)) found.expressions.push({ text: signal, path });
  else if (isMapping(signal) && Object.hasOwn(signal, 'class'))
    await checkComponent(signal, { kind: 'signal', path }, shelves, found);
  else if (!isSignal(signal))
    found.errors.push(
      new UserError(`must be a signal, got ${describe(signal)}`, { hint: signalForms, path }),
    );
}

const isThere = (value: unknown) => value !== undefined && value !== null;

const isExpression = (signal: unknown): signal is string =>
  typeof signal === 'string' && signal.includes('$') && !signal.endsWith('.csv');

/** Scores, a pair of what predicts, a file, or the dotted name of a class. */
function isSignal(signal: unknown): boolean {
  if (isPlaceholder(signal)) return !['<MODEL>', '<DATASET>'].includes(signal);
  if (typeof signal === 'string') return signal.endsWith('.csv') || /^(?:\w+\.)+[A-Za-z_]\w*$/.test(signal);
  if (!Array.isArray(signal) || signal.length !== 2) return false;
  if (signal[0] === '<DATASET>' || signal[1] === '<MODEL>') return false;
  return signal.every((part) => (isPlaceholder(part) && part !== '<PRED>') || isReady(part));
}
