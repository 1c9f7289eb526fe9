import { basename } from 'node:path';
import { UserError } from '../../core/errors.ts';

/** The instrument of a file: its name without `.csv`, `.csv.gz`, `.parquet`. */
export function instrumentOfFile(file: string): string {
  return basename(file).replace(/\.(?:csv|txt|tsv|parquet)?(?:\.gz)?$/i, '');
}

/** An instrument's name as market files have it, in upper case. @throws UserError for one that cannot name a folder */
export function checkedInstrument(name: string, where: string): string {
  const plain = name.trim().toUpperCase();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in a name
  if (plain === '' || plain.length > 100 || /[\u0000-\u001f\u007f/\\:*?"<>|]|^\.+$|^\s|[. ]$/.test(plain))
    throw new UserError(
      `${where}: "${name.slice(0, 60)}" is an invalid symbol: it cannot name an instrument`,
      {
        hint: 'allowed: up to 100 characters without / \\ : * ? " < > | and line ends',
      },
    );
  return plain;
}

/** qlib's folder of an instrument: names that Windows keeps for devices get a prefix. */
export function instrumentFolder(instrument: string): string {
  const name = instrument.toLowerCase();
  return /^(?:con|prn|aux|nul|com\d|lpt\d)$/.test(name) ? `_qlib_${name}` : name;
}
