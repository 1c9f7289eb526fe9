import { readPickle } from '../pickle/reader.ts';
import { writePickleChunks } from '../pickle/writer.ts';
import type { Codec } from './codec.ts';

export const pickleCodec: Codec = {
  endings: ['.pkl', '.pickle'],
  encode: writePickleChunks,
  decode: (bytes) => readPickle(bytes),
};
