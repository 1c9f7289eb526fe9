import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it; one that is there is left. Node's own recursive call says ENOENT on a read-only disk, and does not end
 * where a folder can't be made in one that is there, as in /proc. `mode`: the rights of the folder itself, where it is made.
 * @throws the system's error, EEXIST where a file or a link that leads nowhere is in the way.
 */
export function makeFolder(folder: string, mode?: number): void {
  if (isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder, mode);
  } catch (error) {
    // another process may have been faster
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // what is wrong, making it tells
    return false;
  }
}
