import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { isErrorCode } from './error-code.ts';

/**
 * Makes a folder and those above it; one that is there is left. Node's own recursive call says ENOENT on a read-only disk, and does not end
 * where a folder can't be made in one that is there, as in /proc.
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!isErrorCode(error, 'EEXIST')) throw error;
  }
}
