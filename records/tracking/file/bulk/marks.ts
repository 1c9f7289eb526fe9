import { lstatSync, type Stats } from 'node:fs';
import { entryKinds, markCount, type RunFiles } from './run-record.ts';

const quiet = { throwIfNoEntry: false } as const;

/**
 * Do all folders and files of a run stand as they did when the marks were taken (from `at` in `marks`)? Each is asked for: a folder tells of
 * files that came or went, only the file itself of a value that was written over or appended.
 */
export function isSame(folder: string, files: RunFiles, marks: Float64Array, at: number): boolean {
  return everyFile(folder, files, (stat) => {
    const same = stat.ctimeMs === marks[at] && stat.ino === marks[at + 1] && stat.size === marks[at + 2];
    at += 3;
    return same;
  });
}

/** The marks of a run as it stands now; undefined where something is missing or changed at `before` (milliseconds) or later. */
export function marksOf(folder: string, files: RunFiles, before: number): Float64Array | undefined {
  const marks = new Float64Array(markCount(files));
  let at = 0;
  const isWhole = everyFile(folder, files, (stat) => {
    marks[at++] = stat.ctimeMs;
    marks[at++] = stat.ino;
    marks[at++] = stat.size;
    return stat.ctimeMs < before;
  });
  return isWhole ? marks : undefined;
}

function everyFile(folder: string, files: RunFiles, test: (stat: Stats) => boolean): boolean {
  const isGood = (path: string): boolean => {
    const stat = lstatSync(path, quiet);
    return stat !== undefined && test(stat);
  };
  for (const path of files.folders) if (!isGood(`${folder}/${path}`)) return false;
  for (const kind of entryKinds) {
    const parent = `${folder}/${kind}/`;
    for (const key of files[kind]) if (!isGood(parent + key)) return false;
  }
  return true;
}
