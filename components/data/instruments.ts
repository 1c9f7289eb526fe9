import { parseTime } from '../core/dates.ts';
import { UserError } from '../core/errors.ts';
import type { InstrumentSpans, Span } from './provider.ts';
import { readDataText } from './read-text.ts';

/** It names a folder. */
const longestName = 200;

/** Reads a market file: name, first and last day, separated by tabs; an instrument may stand in several lines. @throws UserError naming file and line */
export function readInstruments(file: string): InstrumentSpans {
  const found = new Map<string, Span[]>();
  let line = 0;
  for (const text of readDataText(file, 'instruments').split(/\r\n|\n|\r/)) {
    line++;
    if (text.trim() === '') continue;
    const [name = '', first, last] = text.split('\t').map((cell) => cell.trim());
    const where = `instruments ${file}:${line}`;
    if (name === '' || first === undefined || last === undefined)
      throw new UserError(`${where}: "${text.slice(0, 60)}" has fewer than 3 columns`, {
        hint: 'each line holds name, first and last day, separated by tabs',
      });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (/[\u0000-\u001f]/.test(name) || name.length > longestName)
      throw new UserError(`${where}: ${JSON.stringify(name.slice(0, 60))} is no name of an instrument`, {
        hint: `a name has at most ${longestName} characters, no control characters among them: is the file damaged?`,
      });
    const start = parseTime(first);
    const end = parseTime(last);
    if (start === undefined || end === undefined)
      throw new UserError(
        `${where}: "${(start === undefined ? first : last).slice(0, 60)}" of ${name} is no date`,
        { hint: 'such as 2020-01-31' },
      );
    if (end < start)
      throw new UserError(`${where}: the span of ${name} ends ${last} before its start ${first}`, {
        hint: 'the order is name, first day, last day',
      });
    const spans = found.get(name);
    if (spans) spans.push({ start, end });
    else found.set(name, [{ start, end }]);
  }
  if (found.size === 0) throw new UserError(`instruments ${file} is empty: no instrument in this market`);
  return found;
}
