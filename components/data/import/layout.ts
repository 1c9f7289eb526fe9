import { UserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { dateNames, priceNames, type ReadOptions, symbolNames } from './options.ts';

/** What the columns of a file are for. */
export interface Layout {
  /** Names of the file's columns after renaming, in lower case. */
  readonly names: readonly string[];
  readonly date: number;
  /** -1: the file's name is the instrument. */
  readonly symbol: number;
  /** The columns that are read as numbers. */
  readonly read: readonly { readonly name: string; readonly column: number }[];
  /** The fields that are made. */
  readonly fields: readonly string[];
}

/** @throws UserError for columns that are absent or there twice */
export function layoutOf(header: readonly string[], options: ReadOptions, file: string): Layout {
  const names = header.map((cell) => {
    const name = cell.trim().toLowerCase();
    return Object.hasOwn(options.renamed, name) ? options.renamed[name]! : name;
  });
  const find = (name: string) => names.indexOf(name);
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new UserError(`${file}:1: the column "${twice}" is there twice (duplicate header)`, {
      hint: 'each column needs a name of its own; --map OLD=NEW renames one',
    });
  const date = pick(names, options.dateField, dateNames);
  if (date < 0) throw absent(options.dateField ?? 'date', 'time of a row', names, file, '--date-field');
  const symbol = pick(names, options.symbolField, symbolNames);
  if (symbol < 0 && options.symbolField !== null)
    throw absent(options.symbolField, 'instrument of a row', names, file, '--symbol-field');

  const { factor } = options;
  const isComputed = (name: string) => factor !== null && (name === 'factor' || name === 'change');
  const all = names.filter((name, i) => i !== date && i !== symbol && name !== '');
  const used = factor ? [factor.numerator, factor.denominator].filter((n) => n !== null) : [];
  const kept = all.filter(
    (name) =>
      !options.excluded.includes(name) &&
      !isComputed(name) &&
      // what the factor is made of is no field of its own, unless it is a price
      (!used.includes(name) || priceNames.includes(name)),
  );
  const fields = options.fields ?? [...kept, ...(factor ? ['factor', 'change'] : [])];
  if (fields.length === 0)
    throw new UserError(`${file}:1: no column is left to import`, {
      hint: `the header has ${shown(names)}`,
    });
  if (options.fields === null && !names.includes('close'))
    throw absent('close', 'price', names, file, '--map OLD=close, or --fields if there are no prices,');
  const wanted = new Set([...fields.filter((f) => !isComputed(f)), ...used]);
  if (factor && fields.includes('change')) wanted.add('close');
  const read = [...wanted].map((name) => {
    const column = find(name);
    if (column < 0) throw absent(name, 'field', names, file, '--map OLD=NEW');
    return { name, column };
  });
  return { names, date, symbol, read, fields };
}

function pick(names: readonly string[], asked: string | null, usual: readonly string[]): number {
  if (asked !== null) return names.indexOf(asked);
  const found = usual.find((name) => names.includes(name));
  return found === undefined ? -1 : names.indexOf(found);
}

const shown = (names: readonly string[]) => names.slice(0, 30).join(', ').slice(0, 500);

function absent(name: string, what: string, names: readonly string[], file: string, flag: string): UserError {
  const near = nearest(name, names);
  return new UserError(`${file}:1: no column "${name}" for the ${what}`, {
    hint: `${near ? `did you mean "${near}"? ` : ''}the header has ${shown(names)}; ${flag} names another`,
  });
}
