import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { UserError } from '../../core/errors.ts';

const magic = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0);

/** Writes one float32 as numpy's `np.save` does. */
export function writeNpyNumber(file: string, value: number): void {
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (), }";
  // magic, two bytes of length and the text fill a multiple of 64 bytes
  const text = `${header.padEnd(117)}\n`;
  const bytes = new Uint8Array(132);
  bytes.set(magic);
  new DataView(bytes.buffer).setUint16(8, text.length, true);
  bytes.set(new TextEncoder().encode(text), 10);
  new DataView(bytes.buffer).setFloat32(128, value, true);
  writeFileSync(`${file}.new`, bytes);
  renameSync(`${file}.new`, file);
}

/** Reads one float32 or float64 that `np.save` wrote. @throws UserError for anything else */
export function readNpyNumber(file: string): number {
  const broken = (why: string) =>
    new UserError(`${file} ${why}`, { hint: 'it should hold one number, written by np.save' });
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    throw broken('cannot be read');
  }
  if (bytes.length < 12 || magic.some((byte, i) => i < 6 && bytes[i] !== byte))
    throw broken('is no .npy file');
  const isOld = bytes[6] === 1;
  const from = isOld ? 10 : 12;
  const length = isOld ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
  const header = bytes.toString('latin1', from, from + length);
  const type = /'descr': '<(f4|f8)'/.exec(header)?.[1];
  const data = bytes.subarray(from + length);
  if (!type || !/'shape': \(\)/.test(header) || data.length !== Number(type[1]))
    throw broken('holds no single float32 or float64');
  return type === 'f4' ? data.readFloatLE(0) : data.readDoubleLE(0);
}
