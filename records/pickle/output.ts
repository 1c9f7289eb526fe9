import { op } from './opcodes.ts';

/** Buffers of at least this many bytes are passed on as they are, outside of frames, as CPython does. */
const unframed = 65_536;

/** Collects a protocol 4 pickle as chunks: small opcodes in frames, large buffers uncopied between them. */
export class PickleOutput {
  readonly #chunks: Uint8Array[] = [Uint8Array.of(op.PROTO, 4)];
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  uint16(value: number): void {
    this.#room(2);
    this.#view.setUint16(this.#length, value, true);
    this.#length += 2;
  }

  uint32(value: number): void {
    this.#room(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  uint64(value: number): void {
    this.uint32(value % 0x1_0000_0000);
    this.uint32(Math.floor(value / 0x1_0000_0000));
  }

  /** Big-endian, as BINFLOAT has it. */
  float64(value: number): void {
    this.#room(8);
    this.#view.setFloat64(this.#length, value, false);
    this.#length += 8;
  }

  raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A bytes object whose content is the concatenation of `parts`; the parts are not copied when large. */
  bytesObject(parts: readonly Uint8Array[]): void {
    let length = 0;
    for (const part of parts) length += part.length;
    if (length >= unframed) this.#endFrame();
    if (length < 256) {
      this.byte(op.SHORT_BINBYTES);
      this.byte(length);
    } else if (length <= 0xffff_ffff) {
      this.byte(op.BINBYTES);
      this.uint32(length);
    } else {
      this.byte(op.BINBYTES8);
      this.uint64(length);
    }
    if (length < unframed) {
      for (const part of parts) this.raw(part);
      return;
    }
    this.#chunks.push(this.#take(), ...parts);
  }

  /** The chunks of the whole pickle; nothing may be written afterwards. */
  finish(): Uint8Array[] {
    this.byte(op.STOP);
    this.#endFrame();
    return this.#chunks;
  }

  #endFrame(): void {
    if (this.#length === 0) return;
    const content = this.#take();
    this.byte(op.FRAME);
    this.uint64(content.length);
    this.#chunks.push(this.#take(), content);
  }

  #take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
