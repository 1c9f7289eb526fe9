import { Malformed, printable } from './malformed.ts';

/** CPython's own limit for ints written in decimal. */
const mostDigits = 4300;
/** Bytes of a LONG; far more than any value that data hold. */
const mostBytes = 2048;

/** `I` and `L` lines: `7`, `-300L`; as INT also `01` and `00` for True and False. */
export function decimalInt(line: string, booleans: boolean): number | bigint | boolean {
  const text = line.trim();
  if (booleans && text === '01') return true;
  if (booleans && text === '00') return false;
  const digits = text.endsWith('L') ? text.slice(0, -1) : text;
  if (!/^[+-]?\d+$/.test(digits) || digits.length > mostDigits)
    throw new Malformed(`"${printable(text, 40)}" is no int`);
  return narrow(BigInt(digits.startsWith('+') ? digits.slice(1) : digits));
}

export function decimalFloat(line: string): number {
  const text = line.trim().toLowerCase();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(text) && text.length < 1000) return Number(text);
  const special: Record<string, number> = {
    nan: Number.NaN,
    inf: Number.POSITIVE_INFINITY,
    '-inf': Number.NEGATIVE_INFINITY,
  };
  const value = Object.hasOwn(special, text) ? special[text] : undefined;
  if (value === undefined) throw new Malformed(`"${printable(text, 40)}" is no float`);
  return value;
}

/** Little-endian two's complement. */
export function littleEndianInt(bytes: Uint8Array): number | bigint {
  if (bytes.length === 0) return 0;
  if (bytes.length > mostBytes) throw new Malformed(`an int of ${bytes.length} bytes`);
  if (bytes.length <= 6) {
    let value = 0;
    for (let i = bytes.length - 1; i >= 0; i--) value = value * 256 + bytes[i]!;
    return bytes[bytes.length - 1]! & 0x80 ? value - 256 ** bytes.length : value;
  }
  const hex = Buffer.from(bytes).reverse().toString('hex');
  return narrow(BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`)));
}

/** Ints are numbers where that is exact. */
export function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A Python 2 string literal in quotes. */
export function quotedText(line: string): string {
  const text = line.trim();
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || !text.endsWith(quote))
    throw new Malformed('a string without quotes');
  const simple: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"' };
  return text
    .slice(1, -1)
    .replace(/\\(x[0-9a-fA-F]{2}|.)/g, (whole, code: string) =>
      code.length === 3 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (simple[code] ?? whole),
    );
}

/** Python's raw-unicode-escape: latin-1 with `\uXXXX` and `\UXXXXXXXX`. */
export function rawUnicode(line: string): string {
  return line.replace(
    /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g,
    (whole, short?: string, long?: string) => {
      const code = Number.parseInt(short ?? long ?? '', 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
