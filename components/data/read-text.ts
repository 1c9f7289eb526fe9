import { readFileSync, type Stats, statSync } from 'node:fs';
import { UserError } from '../core/errors.ts';
import { cannotRead } from './cannot-read.ts';

/** The text of a calendar or market file, without a byte order mark. A pipe or device would never end, a folder has no text. @throws UserError naming `what` and file */
export function readDataText(file: string, what: string): string {
  let stats: Stats;
  try {
    stats = statSync(file);
  } catch (error) {
    throw cannotRead(`${what} ${file}`, error);
  }
  if (stats.isDirectory()) throw new UserError(`${what} ${file} is a folder, not a text file`);
  if (!stats.isFile()) throw new UserError(`${what} ${file} is no regular file`);
  try {
    return readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    throw cannotRead(`${what} ${file}`, error);
  }
}
