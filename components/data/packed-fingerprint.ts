import { gzipSync } from 'node:zlib';
import { fingerprintOf, type KnownHashes } from './fingerprint.ts';
import type { DataReads } from './provider.ts';

/** A fingerprint as it is kept: `data_fingerprint.json.gz`. */
export interface PackedFingerprint {
  readonly root: string;
  readonly bytes: Uint8Array;
}

/** The worker task `packed-fingerprint`: the fingerprint of what was read, as JSON in gzip. `known`: hashes that are not made again. */
export async function packedFingerprint({
  reads,
  known,
}: {
  readonly reads: DataReads;
  readonly known: KnownHashes;
}): Promise<PackedFingerprint> {
  const fingerprint = await fingerprintOf(reads, { known });
  return { root: fingerprint.root, bytes: gzipSync(JSON.stringify(fingerprint), { level: 1 }) };
}
