import { UserError } from '../../components/core/errors.ts';
import type { Codec } from './codec.ts';
import { isJsonTable, tableFromJson } from './json-table.ts';
import { jsonText } from './json-text.ts';
import { decodeText } from './text-codec.ts';

/**
 * JSON. Tables stand in pandas' `orient='split'` form (columns, index, data) with names and dtypes beside; NaN and
 * infinities are written as Python's json module does. Maps and objects come back as objects, tuples as arrays.
 */
export const jsonCodec: Codec = {
  endings: ['.json'],
  encode: (value) => [new TextEncoder().encode(`${jsonText(value, { strict: true })}\n`)],
  decode(bytes) {
    const value = parseJson(decodeText(bytes));
    return isJsonTable(value) ? tableFromJson(value) : value;
  },
};

const special: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** JSON with Python's NaN and Infinity. */
export function parseJson(text: string): unknown {
  try {
    // the mark is a NUL, which no name of a number begins with in an honest file
    const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, (token) =>
      token.startsWith('"') ? token : `"\\u0000${token}"`,
    );
    return JSON.parse(marked, (_, value: unknown) =>
      typeof value === 'string' && value.startsWith('\0') ? (special.get(value.slice(1)) ?? value) : value,
    );
  } catch (error) {
    throw new UserError(`broken JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
