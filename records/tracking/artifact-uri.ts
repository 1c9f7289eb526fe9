import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The local folder that an artifact uri names: `file:///a/b`, or a plain absolute path, as MLflow's SQL stores have it. Null for all others. */
export function localArtifacts(uri: string): string | null {
  if (isAbsolute(uri)) return uri;
  if (!uri.startsWith('file:///')) return null;
  try {
    return fileURLToPath(uri);
  } catch {
    return null;
  }
}
