import { checkArtifactPath } from '../../records/tracking/names.ts';
import { badRequest } from './api-error.ts';

/** A client may have encoded a path several times, and something behind us may decode it again. */
const mostEncodings = 10;

/** The path, if it is relative and plain however often it is decoded; else undefined. The empty path is the root. */
export function plainPath(path: string): string | undefined {
  let text = path;
  for (let i = 0; i < mostEncodings; i++) {
    if (!isPlain(text)) return undefined;
    const decoded = decoded1(text);
    if (decoded === undefined || decoded === text) return path;
    text = decoded;
  }
  return undefined;
}

/** @throws ApiError for a path that is not plain. */
export function checkedPath(path: string): string {
  const plain = plainPath(path);
  if (plain === undefined) throw badRequest(`Invalid path ${JSON.stringify(path.slice(0, 200))}`);
  return plain;
}

/** A part of a raw URL; a broken encoding is refused. */
export function decodedPath(raw: string): string {
  const text = decoded1(raw);
  if (text === undefined) throw badRequest(`Invalid path ${JSON.stringify(raw.slice(0, 200))}`);
  return checkedPath(text);
}

function isPlain(path: string): boolean {
  if (/^[a-zA-Z][\w+.-]*:\//.test(path)) return false;
  try {
    checkArtifactPath(path);
    return true;
  } catch {
    return false;
  }
}

function decoded1(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
