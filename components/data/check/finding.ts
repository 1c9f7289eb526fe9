/** Something that is wrong, or may be, with a data folder. */
export interface Finding {
  /** Kind of fault; findings of one kind are shown together. */
  readonly kind: string;
  readonly level: 'error' | 'warning';
  /** Where: a file, or an instrument with field and day. */
  readonly where: string;
  readonly text: string;
}

/** What each kind of finding means, and what to do about it. */
export const kinds: Readonly<Record<string, { readonly title: string; readonly fix: string }>> = {
  'interrupted import': {
    title: 'an import was interrupted',
    fix: 'run the same `qrun data import` again: it ends what was begun',
  },
  'bad calendar': { title: 'the calendar cannot be read', fix: 'write one day a line, ascending, each once' },
  'calendar gap': {
    title: 'more than 10 days without trading',
    fix: 'import the missing days, if the market was open',
  },
  'weekend day': {
    title: 'days of trading at a weekend',
    fix: 'remove rows of such days from the source, if the market is closed then',
  },
  'bad future calendar': {
    title: 'the calendar of future days does not go on from the calendar',
    fix: 'copy the calendar and add days behind its last one',
  },
  'bad market file': {
    title: 'a market file cannot be read',
    fix: 'each line: name, first day, last day, with tabs between',
  },
  'no data': {
    title: 'instruments of a market without data',
    fix: 'import them, or remove their lines from the market file',
  },
  'no values': {
    title: 'fields without any value',
    fix: 'import the field again, or remove its bin',
  },
  'span without data': {
    title: 'spans that begin before the first or end after the last value',
    fix: 'import the missing days, or let the span be that of the data',
  },
  'overlapping spans': {
    title: 'an instrument is in a market twice on the same days',
    fix: 'join its lines',
  },
  'in no market': {
    title: 'instruments with data that all.txt does not have',
    fix: 'add their lines: name, first day, last day',
  },
  'stray file': { title: 'files where folders of instruments belong', fix: 'move them elsewhere' },
  'folder twice': {
    title: 'two folders of one instrument, of which only one is read',
    fix: 'keep the one in lower case that has the right values',
  },
  'upper case folder': {
    title: 'folders of instruments in upper case, which Python qlib does not find',
    fix: 'rename the folders to lower case',
  },
  'broken bin': { title: 'files of values that cannot be right', fix: 'import the instrument again' },
  misaligned: {
    title: 'fields of an instrument that cover different days',
    fix: 'import the instrument again with all its fields',
  },
  'field missing': {
    title: 'fields of prices and volume that are absent',
    fix: 'import them; --map OLD=NEW names columns',
  },
  'factor missing': {
    title: 'no factor: shares cannot be rounded to lots',
    fix: 'import with --factor, or a column `factor` of 1 where prices are not adjusted',
  },
  'missing values': {
    title: 'days without a value inside of the data',
    fix: 'suspended? else import the missing days',
  },
  'infinite value': { title: 'infinite values', fix: 'correct the source and import it again' },
  'zero or negative price': {
    title: 'prices of zero or below',
    fix: 'correct the source, or leave such rows out: a missing day is NaN',
  },
  'negative volume': { title: 'volumes below zero', fix: 'correct the source and import it again' },
  'price jump': {
    title: 'prices that change by more than half in a day',
    fix: 'a split? adjust with --factor; else correct the source',
  },
  'split without factor': {
    title: 'prices that jump like a split while the factor stays',
    fix: 'let the factor change on that day, or import with --factor adjusted_close/close',
  },
  'volume jump': {
    title: 'volumes that grow more than fourfold in a day',
    fix: 'adjusted the wrong way round? volume is divided by the factor',
  },
  'high below low': {
    title: 'days on which high, low, open and close contradict each other',
    fix: 'correct the source, adjust all prices by one factor',
  },
  'repeated day': {
    title: 'days equal to the day before in every field',
    fix: 'a duplicate row in the source? remove it',
  },
};
