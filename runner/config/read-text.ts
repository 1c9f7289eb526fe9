import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import type { UserErrorOptions } from '../../components/core/errors.ts';
import { PlacedError } from './places.ts';

/** No workflow is longer; what is, is something else, and not read. */
const maxBytes = 2 * 1024 * 1024;

/**
 * The text of a config file, UTF-8 with or without byte order mark, line ends as `\n`.
 * `shown` is the file's name in messages. @throws UserError for everything that is not a readable text file.
 */
export function readText(path: string, shown: string): string {
  const bytes = readBytes(path, shown);
  if (bytes.length === 0) throw failure(shown, 'the file is empty, a workflow was expected');
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff) || looksUtf16(bytes))
    throw failure(shown, 'the file is UTF-16 text', { hint: 'save it as UTF-8, the only encoding allowed' });
  const body = startsWith(bytes, 0xef, 0xbb, 0xbf) ? bytes.subarray(3) : bytes;
  const bad = firstBadByte(body);
  if (bad !== undefined) throw badByte(body, bad, shown);
  return body.toString('utf8').replace(/\r\n?/g, '\n');
}

function failure(shown: string, problem: string, options?: UserErrorOptions): PlacedError {
  return new PlacedError({ file: shown, line: 0, column: 0 }, problem, options);
}

function readBytes(path: string, shown: string): Buffer {
  let handle: number | undefined;
  try {
    checkKind(statSync(path), shown);
    // O_NONBLOCK: a pipe without a writer must not hang
    handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(handle);
    checkKind(stat, shown);
    if (stat.size > maxBytes)
      throw failure(shown, `the file is too large for a workflow: ${megabytes(stat.size)} MB`, {
        hint: `the limit is ${megabytes(maxBytes)} MB`,
      });
    const bytes = Buffer.alloc(stat.size);
    let length = 0;
    while (length < bytes.length) {
      const count = readSync(handle, bytes, length, bytes.length - length, length);
      if (count === 0) break;
      length += count;
    }
    return bytes.subarray(0, length);
  } catch (error) {
    if (error instanceof PlacedError) throw error;
    throw failure(shown, reason(error), { cause: error });
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function checkKind(stat: Stats, shown: string): void {
  if (stat.isDirectory()) throw failure(shown, 'is a folder, a workflow file was expected');
  if (!stat.isFile())
    throw failure(shown, 'is not a regular file but a device, pipe or socket', {
      hint: 'give the path of a YAML file',
    });
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file: a part of the path is not a folder',
  EACCES: 'permission denied: the file cannot be read',
  EPERM: 'permission denied: the file cannot be read',
  EISDIR: 'is a folder, a workflow file was expected',
  ELOOP: 'cannot be read: its symbolic links lead in a circle',
  ENAMETOOLONG: 'no such file: the name is too long',
  ENXIO: 'is not a regular file but a device, pipe or socket',
};

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (Object.hasOwn(reasons, code)) return reasons[code]!;
  if (code === 'ERR_INVALID_ARG_VALUE') return 'no such file: its name has a NUL character';
  return `cannot be read (${code || String(error)})`;
}

const megabytes = (bytes: number) => Math.round(bytes / 104_857.6) / 10;

const startsWith = (bytes: Buffer, ...head: number[]) => head.every((byte, i) => bytes[i] === byte);

/** UTF-16 without a byte order mark: every other byte of the ASCII beginning is 0. */
function looksUtf16(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, 64) & ~1;
  if (length < 8) return false;
  const zeros = [0, 0];
  for (let i = 0; i < length; i++) if (bytes[i] === 0) zeros[i & 1]!++;
  return Math.max(...zeros) * 2 > length * 0.8 && Math.min(...zeros) === 0;
}

/** Offset of the first byte that is not UTF-8 text: broken sequences, NUL and other control characters. */
function firstBadByte(bytes: Buffer): number | undefined {
  const control = bytes.findIndex((b) => (b < 32 && b !== 9 && b !== 10 && b !== 13) || b === 127);
  const head = control < 0 ? bytes : bytes.subarray(0, control);
  // decoding replaces what is broken, so the first difference is the first fault
  const again = Buffer.from(head.toString('utf8'));
  if (!again.equals(head)) return again.findIndex((byte, i) => byte !== head[i]);
  return control < 0 ? undefined : control;
}

function badByte(bytes: Buffer, offset: number, shown: string): PlacedError {
  const head = bytes.subarray(0, offset);
  const lineStart = head.lastIndexOf(10) + 1;
  const place = {
    file: shown,
    line: head.reduce((count, byte) => count + (byte === 10 ? 1 : 0), 1),
    column: head.subarray(lineStart).toString('utf8').length + 1,
  };
  const byte = bytes[offset]!;
  const hex = `0x${byte.toString(16).padStart(2, '0')}`;
  if (byte === 0)
    return new PlacedError(place, 'a NUL character (\\x00) is not allowed: the file is binary or damaged', {
      hint: 'a workflow is UTF-8 text',
    });
  if (byte < 128)
    return new PlacedError(place, `the control character ${hex} is not allowed`, {
      hint: 'a workflow is UTF-8 text; binary files are refused',
    });
  return new PlacedError(place, `byte ${hex} is not valid UTF-8`, {
    hint: 'save the file with the encoding UTF-8 (it may be Latin-1 or Windows-1252 now)',
  });
}
