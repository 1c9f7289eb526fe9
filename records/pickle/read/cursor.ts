import { Malformed } from './malformed.ts';

/** Reads the operands of opcodes; nothing is taken on trust beyond the end of the file. */
export class Cursor {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #buffer: Buffer;
  at = 0;

  constructor(bytes: Uint8Array) {
    // views of a Buffer would be Buffers
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    return this.bytes[this.#skip(1)]!;
  }

  uint16(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#skip(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  float64(): number {
    return this.#view.getFloat64(this.#skip(8), false);
  }

  /** A 64-bit length; larger ones than the file end the reading anyway. */
  uint64(): number {
    const at = this.#skip(8);
    return this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * 0x1_0000_0000;
  }

  /** The next `length` bytes, a view of the file. */
  take(length: number): Uint8Array {
    const at = this.#skip(length);
    return this.bytes.subarray(at, at + length);
  }

  text(length: number): string {
    const at = this.#skip(length);
    return this.#buffer.toString('utf8', at, at + length);
  }

  /** Text up to a line break, without it; protocol 0 keeps its operands so. */
  line(encoding: 'latin1' | 'utf8' = 'latin1'): string {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0) throw new Malformed('the file ends inside a line');
    const text = this.#buffer.toString(encoding, this.at, end);
    this.at = end + 1;
    return text;
  }

  #skip(length: number): number {
    const at = this.at;
    if (length > this.left)
      throw new Malformed(`the file ends early: ${length} bytes announced, ${this.left} left`);
    this.at = at + length;
    return at;
  }
}
