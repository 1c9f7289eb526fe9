import { formatTime, type Time } from '../core/dates.ts';
import type { Deal } from './order.ts';
import { pythonFloat } from './python-float.ts';

/** `2020-01-02 00:00:00`. */
export function formatTimestamp(time: Time): string {
  const text = formatTime(time);
  return text.length === 10 ? `${text} 00:00:00` : text;
}

/** The line that qlib's SimulatorExecutor prints for an order with `verbose`. */
export function describeDeal(time: Time, { order, value, price }: Deal, cash: number): string {
  const { direction, instrument, amount, dealAmount, factor } = order;
  const shownFactor = Number.isNaN(price) ? 'None' : pythonFloat(factor);
  return (
    `[I ${formatTimestamp(time)}]: ${direction} ${instrument}, price ${fixed(price)}, amount ${pythonFloat(amount)}, ` +
    `deal_amount ${pythonFloat(dealAmount)}, factor ${shownFactor}, value ${fixed(value)}, cash ${fixed(cash)}.`
  );
}

function fixed(x: number): string {
  return Number.isFinite(x) ? x.toFixed(2) : pythonFloat(x);
}
