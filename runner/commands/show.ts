import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { UserError } from '../../components/core/errors.ts';
import { decodeObject } from '../../records/codec/codec.ts';
import { formatSeries } from '../../records/codec/format/format-series.ts';
import { formatTable } from '../../records/codec/format/format-table.ts';
import { jsonText } from '../../records/codec/json-text.ts';
import { isTable } from '../../records/codec/tables.ts';

export interface ShowArguments {
  /** An artifact file: pickle, JSON, CSV, parquet or text. */
  readonly file: string;
  /** JSON also for tables, all rows of them. */
  readonly json?: boolean;
  /** Rows of a table that are shown, first and last ones; 60 by default. */
  readonly rows?: number;
  /** Where the text goes; standard output by default. */
  readonly print?: ((text: string) => void) | undefined;
}

/** Shown text is cut here: a pickle of a few bytes may describe any amount. */
const maxLength = 1_000_000;

/**
 * `qrun show FILE`: prints the value in an artifact file, a table as pandas prints it but with its numbers in full,
 * other values as JSON. Nothing in the file is run. Returns the exit code.
 * @throws UserError where the file can't be read, is broken, or names what is refused.
 */
export async function showCommand({ file, json = false, rows = 60, print }: ShowArguments): Promise<number> {
  showValue(await decode(file, await readBytes(file)), { json, rows, print });
  return 0;
}

/** Prints a decoded value as `showCommand` does. */
export function showValue(
  value: unknown,
  { json = false, rows = 60, print }: Omit<ShowArguments, 'file'>,
): void {
  const write = print ?? ((text: string) => void process.stdout.write(text));
  if (typeof value === 'string' && !json) write(value.endsWith('\n') ? value : `${value}\n`);
  else if (isTable(value) && !json) write(`${tableText(value, rows)}\n`);
  else write(`${jsonText(value, json ? { maxLength: 100 * maxLength } : { maxRows: rows, maxLength })}\n`);
}

async function decode(file: string, bytes: Uint8Array): Promise<unknown> {
  try {
    return await decodeObject(basename(file), bytes);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${file}: ${error.problem}`, { hint: error.hint, cause: error });
  }
}

function tableText(
  table: Parameters<typeof formatTable>[0] | Parameters<typeof formatSeries>[0],
  rows: number,
): string {
  // a terminal gets what fits, a pipe every column
  const width = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
  const options = { maxRows: rows, minRows: Math.min(rows, 20), width, exact: true };
  return table.kind === 'frame' ? formatTable(table, options) : formatSeries(table, options);
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reason =
      code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'a folder, not a file' : String(code ?? error);
    throw new UserError(`can't read ${file}: ${reason}`, { cause: error });
  }
}
