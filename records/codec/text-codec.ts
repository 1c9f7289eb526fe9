import { UserError } from '../../components/core/errors.ts';
import type { Codec } from './codec.ts';

/** UTF-8 text as it is. */
export const textCodec: Codec = {
  endings: ['.txt', '.yaml', '.yml', '.md', '.log', '.html', '.svg'],
  encode(value) {
    if (typeof value === 'string') return [new TextEncoder().encode(value)];
    throw new UserError(`a ${value === null ? 'null' : typeof value} is no text`, {
      hint: 'text files hold strings; end the name in .pkl or .json for other values',
    });
  },
  decode: (bytes) => decodeText(bytes),
};

/** UTF-8, without a byte order mark. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UserError('the file is not UTF-8 text', { cause: error });
  }
}
