import type { SeriesTable, Table } from '../../../components/core/table.ts';
import { decodeObject } from '../../../records/codec/codec.ts';
import { isTable } from '../../../records/codec/tables.ts';
import type { ArtifactFolder } from '../../../records/tracking/artifact-folder.ts';
import { badRequest } from '../api-error.ts';
import { Decoder } from '../decode/decoder.ts';

/** Artifacts above it are for download only: what is shown is read whole. */
export const mostBytes = 256 * 1024 * 1024;

/** From that on decoding takes so long that other requests would feel it. */
const onThreadFrom = 256 * 1024;
const kept = 24;
const decoder = new Decoder();
const cache = new Map<string, { stamp: string; value: unknown }>();

/** The value in an artifact. The last few are kept while the file does not change. @throws UserError for broken content. */
export async function loadArtifact(folder: ArtifactFolder, path: string): Promise<unknown> {
  const size = await sizeOf(folder, path);
  if (size > mostBytes) throw badRequest(`${path} has ${size} bytes: too many to show, download it`);
  const key = `${folder.uri}\0${path}`;
  const bytes = await folder.read(path);
  const stamp = `${bytes.length} ${checksum(bytes)}`;
  const known = cache.get(key);
  cache.delete(key);
  const value = known?.stamp === stamp ? known.value : await decode(path, bytes);
  cache.set(key, { stamp, value });
  if (cache.size > kept) cache.delete(cache.keys().next().value!);
  return value;
}

const decode = (path: string, bytes: Uint8Array): unknown =>
  bytes.length < onThreadFrom ? decodeObject(path, bytes) : decoder.decode(path, bytes);

/** A table, or undefined where the artifact is not there or holds something else. */
export async function loadTable(
  folder: ArtifactFolder,
  path: string,
): Promise<Table | SeriesTable | undefined> {
  try {
    const value = await loadArtifact(folder, path);
    return isTable(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export async function sizeOf(folder: ArtifactFolder, path: string): Promise<number> {
  const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  return (await folder.list(parent)).find((file) => file.path === path)?.size ?? 0;
}

/** FNV-1a over 32-bit words; tells changed files apart, not forged ones. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >>> 2);
  for (const word of words) hash = Math.imul(hash ^ word, 0x01000193);
  for (let i = words.length * 4; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash >>> 0;
}
