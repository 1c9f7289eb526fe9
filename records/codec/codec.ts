import { writePickleChunks } from '../pickle/writer.ts';

/** The chunks of an artifact file that holds `value`; the form goes by the ending of `name`. */
export function encodeObject(_name: string, value: unknown): Uint8Array[] {
  return writePickleChunks(value);
}
