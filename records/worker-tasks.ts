import { encodeObject } from './codec/codec.ts';

/** Worker task: the content of an artifact file; see `encodeObject`. */
export function encodeArtifact({ name, value }: { readonly name: string; readonly value: unknown }) {
  return encodeObject(name, value);
}
