/** What the pickle says makes no sense; the machine adds the place and turns it into a UserError. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** A value in a message: short, one line, nothing that a terminal would obey. */
export function printable(text: string, limit = 120): string {
  const safe = text.replace(/[^\x20-\x7e\p{L}\p{N}]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
  return safe.length > limit ? `${safe.slice(0, limit)}...` : safe;
}

/** What kind of thing a value is, for messages. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Map) return 'a dict';
  if (value instanceof Uint8Array) return 'bytes';
  if (typeof value === 'object') return `a ${value.constructor?.name ?? 'dict'}`;
  return `a ${typeof value}`;
}

export function expectString(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw new Malformed(`${what} is ${kindOf(value)}, not a string`);
}

/** Whole numbers, also bigints that fit. */
export function expectInt(value: unknown, what: string): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  throw new Malformed(`${what} is ${kindOf(value)}, not a whole number`);
}

export function expectBigInt(value: unknown, what: string): bigint {
  if (typeof value === 'bigint') return value;
  return BigInt(expectInt(value, what));
}

/** Bytes; Python 2 kept them in strings. */
export function expectBytes(value: unknown, what: string): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return Uint8Array.from(value, (c) => c.charCodeAt(0) & 0xff);
  throw new Malformed(`${what} is ${kindOf(value)}, not bytes`);
}

export function expectMap(value: unknown, what: string): ReadonlyMap<unknown, unknown> {
  if (value instanceof Map) return value;
  throw new Malformed(`${what} is ${kindOf(value)}, not a dict`);
}

export function expectList(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Malformed(`${what} is ${kindOf(value)}, not a list`);
}
