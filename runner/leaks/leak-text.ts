import { formatTime } from '../../components/core/dates.ts';
import type { Difference } from './difference.ts';
import type { LeakProof } from './prove-leaks.ts';

const shown = 10;

/** Lines that tell what changed, or that nothing did. */
export function leakText({ cuts, differences, columns, tables }: LeakProof): string[] {
  const last = cuts.at(-1);
  if (differences.length === 0)
    return [
      `no leak found: ${columns} columns${tables.length > 0 ? `, ${tables.join(', ')}` : ''} are the same with data until ${cuts.map(formatTime).join(', ')}`,
    ];
  return [
    `look-ahead leak: with data until ${last === undefined ? '' : formatTime(last)} earlier values are others`,
    ...differences.slice(0, shown).map(line),
    ...(differences.length > shown ? [`  and ${differences.length - shown} more columns`] : []),
  ];
}

function line({ part, column, count, time, instrument, whole, cut }: Difference): string {
  const size =
    typeof whole === 'number' && typeof cut === 'number' && Number.isFinite(whole - cut)
      ? `, ${Math.abs(whole - cut).toPrecision(3)} apart`
      : '';
  return `  ${part} ${column}: ${count} ${count === 1 ? 'value' : 'values'}, such as ${formatTime(time)}${instrument === null ? '' : ` ${instrument}`}: ${show(whole)} with all data, ${show(cut)} without later days${size}`;
}

const show = (value: unknown) =>
  typeof value === 'number' ? String(Number(value.toPrecision(7))) : String(value);
