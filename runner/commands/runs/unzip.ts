import { closeSync, fstatSync, openSync, readSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';
import { UserError } from '../../../components/core/errors.ts';
import { makeFolder } from '../../../components/core/make-folder.ts';

/** Bytes that one file of a zip may have: what is larger would not fit into memory. */
const largestFile = 2 ** 31 - 1;
/** A name that stays in the folder: no `..`, no backslash, no control character. */
const isPlainName = (name: string) =>
  name !== '' &&
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  !/[\\\u0000-\u001f]/.test(name) &&
  !name.split('/').some((p) => p === '' || p === '.' || p === '..');

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** Unpacks a zip file into a folder; folders in it are made as files need them, links are not. @throws UserError for a broken or hostile file */
export function unzip(file: string, folder: string): void {
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    const read = (at: number, length: number): Buffer => {
      const bytes = Buffer.alloc(length);
      if (at < 0 || at + length > size || readSync(handle, bytes, 0, length, at) !== length)
        throw broken(file, 'it is cut off');
      return bytes;
    };
    for (const entry of directoryOf(file, size, read)) {
      if (entry.name.endsWith('/')) continue;
      if (!isPlainName(entry.name))
        throw broken(file, `it has the name ${JSON.stringify(entry.name)}, which leads out`);
      write(file, join(folder, entry.name), contentOf(file, entry, read));
    }
  } finally {
    closeSync(handle);
  }
}

function write(file: string, target: string, content: Buffer): void {
  try {
    makeFolder(dirname(target));
    writeFileSync(target, content, { flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // names that exclude each other: twice the same, a file that is a folder as well
    if (code === 'EEXIST' || code === 'EISDIR' || code === 'ENOTDIR' || code === 'ENAMETOOLONG')
      throw broken(file, `its names cannot all be files (${code})`, error);
    throw error;
  }
}

type Read = (at: number, length: number) => Buffer;

const endSize = 22;

/** The entries by the directory at the end, which alone is binding. */
function directoryOf(file: string, size: number, read: Read): Entry[] {
  const tail = read(Math.max(0, size - endSize - 65_535), Math.min(size, endSize + 65_535));
  const at = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (at < 0 || at + endSize > tail.length) throw broken(file, 'it is no zip file');
  const count = tail.readUInt16LE(at + 10);
  const length = tail.readUInt32LE(at + 12);
  const start = tail.readUInt32LE(at + 16);
  if (count === 0xffff || start === 0xffffffff)
    throw broken(file, 'it is of the format zip64, which is not read');
  const directory = read(start, length);
  const entries: Entry[] = [];
  for (let p = 0; entries.length < count; ) {
    if (p + 46 > length || directory.readUInt32LE(p) !== 0x02014b50)
      throw broken(file, 'its directory is damaged');
    const names = directory.readUInt16LE(p + 28);
    const next = p + 46 + names + directory.readUInt16LE(p + 30) + directory.readUInt16LE(p + 32);
    entries.push({
      name: directory.subarray(p + 46, p + 46 + names).toString('utf8'),
      method: directory.readUInt16LE(p + 10),
      crc: directory.readUInt32LE(p + 16),
      packed: directory.readUInt32LE(p + 20),
      size: directory.readUInt32LE(p + 24),
      offset: directory.readUInt32LE(p + 42),
    });
    p = next;
  }
  return entries;
}

function contentOf(file: string, { name, method, crc, packed, size, offset }: Entry, read: Read): Buffer {
  if (size > largestFile) throw broken(file, `${name} has ${size} bytes, more than can be read`);
  const head = read(offset, 30);
  if (head.readUInt32LE(0) !== 0x04034b50) throw broken(file, `${name} is not where the directory says`);
  const body = read(offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28), packed);
  if (method !== 0 && method !== 8)
    throw broken(file, `${name} is packed by method ${method}, which is not read`);
  let content: Buffer;
  try {
    // never more than the directory has announced
    content = method === 0 ? body : inflateRawSync(body, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    throw broken(file, `${name} is damaged`, error);
  }
  if (content.length !== size || crc32(content) !== crc) throw broken(file, `${name} is damaged`);
  return content;
}

function broken(file: string, problem: string, cause?: unknown): UserError {
  return new UserError(`can't read ${file}: ${problem}`, { cause });
}
