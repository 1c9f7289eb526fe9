/** A hash of 64 bits in two halves. */
export interface Hash {
  readonly high: number;
  readonly low: number;
}

const full = (1n << 64n) - 1n;
const rotate = (x: bigint, bits: bigint) => ((x << bits) | (x >> (64n - bits))) & full;

/** Python's `hash` of a text without salt: SipHash-1-3 with a key of zeros over its characters, as wide as the widest needs. */
export function hashOfText(text: string): Hash {
  const bytes = bytesOf(text);
  let [v0, v1, v2, v3] = [0x736f6d6570736575n, 0x646f72616e646f6dn, 0x6c7967656e657261n, 0x7465646279746573n];
  const round = () => {
    v0 = (v0 + v1) & full;
    v2 = (v2 + v3) & full;
    v1 = rotate(v1, 13n) ^ v0;
    v3 = rotate(v3, 16n) ^ v2;
    v0 = rotate(v0, 32n);
    v2 = (v2 + v1) & full;
    v0 = (v0 + v3) & full;
    v1 = rotate(v1, 17n) ^ v2;
    v3 = rotate(v3, 21n) ^ v0;
    v2 = rotate(v2, 32n);
  };
  const absorb = (word: bigint) => {
    v3 ^= word;
    round();
    v0 ^= word;
  };
  const view = new DataView(bytes.buffer);
  const whole = bytes.length - (bytes.length % 8);
  for (let at = 0; at < whole; at += 8) absorb(view.getBigUint64(at, true));
  let rest = BigInt(bytes.length & 0xff) << 56n;
  for (let at = whole; at < bytes.length; at++) rest |= BigInt(bytes[at]!) << BigInt(8 * (at - whole));
  absorb(rest);
  v2 ^= 0xffn;
  for (let k = 0; k < 3; k++) round();
  let hash = v0 ^ v1 ^ v2 ^ v3;
  if (text === '') hash = 0n;
  // -1 stands for an error in C
  if (hash === full) hash = full - 1n;
  return { high: Number(hash >> 32n), low: Number(hash & 0xffff_ffffn) };
}

function bytesOf(text: string): Uint8Array {
  const points = Array.from(text, (c) => c.codePointAt(0)!);
  const widest = points.reduce((a, b) => Math.max(a, b), 0);
  const width = widest < 0x100 ? 1 : widest < 0x10000 ? 2 : 4;
  const bytes = new Uint8Array(points.length * width);
  points.forEach((point, i) => {
    for (let k = 0; k < width; k++) bytes[i * width + k] = (point >>> (8 * k)) & 0xff;
  });
  return bytes;
}
