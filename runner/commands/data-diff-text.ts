import type { BinChange, DataDifference } from '../../components/data/fingerprint-diff.ts';
import type { DataNow } from '../../components/data/read-again.ts';

/** Instruments and days that a line lists. */
const shown = 12;

/** What differs, one line a calendar, market, and kind of change of a field. */
export function differenceLines(
  { calendars, markets, fields }: DataDifference,
  longer: DataNow['longer'],
): string[] {
  const lines = [
    ...calendars.flatMap(({ freq, added, removed }) =>
      added && removed
        ? [
            ...counted(`calendar ${freq}: new days`, added),
            ...counted(`calendar ${freq}: days gone`, removed),
          ]
        : [`calendar ${freq}: differs`],
    ),
    ...markets.flatMap(({ market, joined, left, moved }) => [
      ...listed(`market ${market}: joined `, joined),
      ...listed(`market ${market}: left `, left),
      ...listed(`market ${market}: other days `, moved),
    ]),
    ...fields.flatMap(({ field, changes }) => fieldLines(field, changes)),
  ];
  if (lines.length === 0) lines.push('no value differs');
  if (longer.length > 0) {
    const names = new Set(longer.map(({ instrument }) => instrument));
    const ends = longer.map(({ end }) => end).sort();
    lines.push(`${names.size} instruments have more days than the run has seen, the last one ${ends.at(-1)}`);
  }
  return lines;
}

function fieldLines(field: string, changes: readonly BinChange[]): string[] {
  const of = (kind: BinChange['kind']) => changes.filter((change) => change.kind === kind);
  return [
    ...listed(
      `$${field}: values of `,
      of('values').map(({ instrument, years }) => `${instrument} (${spans(years)})`),
    ),
    ...listed(
      `$${field}: other days of `,
      of('days').map(({ instrument, before, after }) => `${instrument} (${before}, now ${after})`),
    ),
    ...listed(
      `$${field}: gone `,
      of('gone').map(({ instrument }) => instrument),
    ),
    ...listed(
      `$${field}: new `,
      of('new').map(({ instrument }) => instrument),
    ),
  ];
}

/** `2008, 2010-2013`. */
function spans(years: readonly string[]): string {
  const found: { from: number; to: number }[] = [];
  for (const year of years.map(Number).sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last && last.to === year - 1) last.to = year;
    else found.push({ from: year, to: year });
  }
  return found.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(', ');
}

function listed(head: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const more = items.length > shown ? ` and ${items.length - shown} more` : '';
  return [`${head}${items.slice(0, shown).join(', ')}${more}`];
}

function counted(head: string, days: readonly string[]): string[] {
  if (days.length === 0) return [];
  const range = days.length > shown ? `${days[0]} .. ${days.at(-1)}` : days.join(', ');
  return [`${head} (${days.length}): ${range}`];
}
