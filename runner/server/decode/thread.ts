import { parentPort } from 'node:worker_threads';
import { decodeObject } from '../../../records/codec/codec.ts';
import { packedValue } from './instances.ts';

/** Decodes what its parent sends, one artifact after the other. */
parentPort?.on('message', async ({ name, bytes }: { readonly name: string; readonly bytes: Uint8Array }) => {
  try {
    parentPort!.postMessage({ value: packedValue(await decodeObject(name, bytes)) });
  } catch (error) {
    parentPort!.postMessage({ problem: error instanceof Error ? error.message : String(error) });
  }
});
