import type { Holding, Position } from '../../components/backtest/position.ts';
import type { Time } from '../../components/core/dates.ts';
import { PyFloat, PyObject, PyTimestamp } from '../../components/core/python.ts';
import { Transient } from '../pickle/values.ts';

/** `positions_normal_1day.pkl`: qlib's dict of Position objects by Timestamp, each made when it is written. */
export function positionsToPython(positions: ReadonlyMap<Time, Position>): Map<PyTimestamp, Transient> {
  const labelOf = countLabels();
  return new Map(
    [...positions].map(([time, position]) => [
      new PyTimestamp(time),
      new Transient(() => positionToPython(position, labelOf)),
    ]),
  );
}

/** An instance of qlib's Position: holdings with amount, price, weight and steps held, cash, value of the account. */
export function positionToPython(position: Position, labelOf = countLabels()): PyObject {
  const held = new Map<string, unknown>([['cash', new PyFloat(position.cash())]]);
  const delayed = position.delayedCash();
  if (delayed !== undefined) held.set('cash_delay', new PyFloat(delayed));
  held.set('now_account_value', new PyFloat(position.accountValue ?? position.value()));
  for (const [instrument, holding] of position.holdings)
    held.set(instrument, holdingToPython(holding, labelOf));
  return new PyObject(
    'qlib.backtest.position',
    'Position',
    new Map<string, unknown>([
      ['_settle_type', position.settling],
      ['position', held],
      ['init_cash', position.initialCash],
    ]),
  );
}

function holdingToPython(
  { amount, price, weight, counts }: Holding,
  labelOf: CountLabel,
): Map<string, unknown> {
  const fields = new Map<string, unknown>([
    ['amount', new PyFloat(amount)],
    ['price', new PyFloat(price)],
  ]);
  if (weight !== undefined) fields.set('weight', new PyFloat(weight));
  for (const freq in counts) fields.set(labelOf(freq), counts[freq]);
  return fields;
}

type CountLabel = (freq: string) => string;

/** `count_day`: one text a frequency, rather than one a holding. */
function countLabels(): CountLabel {
  const known = new Map<string, string>();
  return (freq) => {
    let label = known.get(freq);
    if (label === undefined) known.set(freq, (label = `count_${freq}`));
    return label;
  };
}
