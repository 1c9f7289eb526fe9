import { lstatSync } from 'node:fs';
import { entryKinds, type RunFiles } from './run-record.ts';

const quiet = { throwIfNoEntry: false } as const;

/**
 * Do all folders and files of a run stand as they did when the marks were taken (from `at` in `marks`)? Each is asked for: a folder tells of
 * files that came or went, only the file itself of a value that was written over or appended.
 */
export function isSame(folder: string, files: RunFiles, marks: Float64Array, at: number): boolean {
  const isMarked = (path: string): boolean => {
    const stat = lstatSync(path, quiet);
    const same =
      stat !== undefined &&
      stat.ctimeMs === marks[at] &&
      stat.ino === marks[at + 1] &&
      stat.size === marks[at + 2];
    at += 3;
    return same;
  };
  for (const path of files.folders) if (!isMarked(`${folder}/${path}`)) return false;
  for (const kind of entryKinds) {
    const parent = `${folder}/${kind}/`;
    for (const key of files[kind]) if (!isMarked(parent + key)) return false;
  }
  return true;
}
