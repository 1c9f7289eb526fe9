import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';

const known = /\.(?:csv|tsv|txt)(?:\.gz)?$|\.parquet$/i;

/** The source file, or those of a folder, by name. @throws UserError where there is none */
export function sourceFiles(source: string): string[] {
  if (!existsSync(source))
    throw new UserError(`no file or folder ${source}`, {
      hint: 'the source is a CSV or Parquet file, or a folder of them',
    });
  if (!statSync(source).isDirectory()) {
    if (known.test(source)) return [source];
    throw new UserError(`${source} is no CSV or Parquet file`, {
      hint: 'known are .csv, .csv.gz, .tsv, .txt and .parquet',
    });
  }
  const files = readdirSync(source)
    .filter((name) => known.test(name) && !name.startsWith('.'))
    .sort()
    .map((name) => join(source, name));
  if (files.length === 0)
    throw new UserError(`the folder ${source} has no CSV or Parquet file`, {
      hint: 'known are .csv, .csv.gz, .tsv, .txt and .parquet',
    });
  return files;
}
