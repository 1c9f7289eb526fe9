import { mkdirSync } from 'node:fs';
import { isErrorCode } from './error-code.ts';

/** Makes a folder and those above it; one that is there is left. On a read-only disk Node's recursive call says ENOENT, the plain one the truth. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    if (!isErrorCode(error, 'ENOENT')) throw error;
    mkdirSync(folder);
  }
}
