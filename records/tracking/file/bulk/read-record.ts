import { readdirSync, statSync } from 'node:fs';
import { latestPoint } from '../metric-file.ts';
import { readText } from '../read-text.ts';
import { entryKinds, type RunRecord } from './run-record.ts';

/** Reads all values of a run, and with `withMarks` what tells later whether they have changed. Links are left out; a folder that is missing has no entries. */
export function readRecord(folder: string, withMarks: boolean): RunRecord {
  const readAt = Date.now();
  const folders: string[] = [];
  const found = { params: [] as string[], metrics: [] as string[], tags: [] as string[] };
  const folderMarks: number[] = [];
  const walk = (kind: 'params' | 'metrics' | 'tags', path: string, prefix: string): void => {
    const stat = statSync(`${folder}/${path}`, { throwIfNoEntry: false });
    if (!stat) return;
    folders.push(path);
    folderMarks.push(stat.ctimeMs, stat.ino, stat.size);
    for (const entry of readdirSync(`${folder}/${path}`, { withFileTypes: true })) {
      if (entry.isFile()) found[kind].push(prefix + entry.name);
      else if (entry.isDirectory()) walk(kind, `${path}/${entry.name}`, `${prefix}${entry.name}/`);
    }
  };
  for (const kind of entryKinds) walk(kind, kind, '');

  const texts: string[] = [];
  const points: number[] = [];
  const fileMarks: number[] | undefined = withMarks ? [] : undefined;
  let isWhole = entryKinds.every((kind) => folders.includes(kind));
  /** Keys whose files hold no value go. */
  const readAll = (kind: 'params' | 'metrics' | 'tags', take: (text: string) => boolean): string[] => {
    const kept = found[kind].filter((key) => {
      const text = readText(`${folder}/${kind}/${key}`, fileMarks);
      return text !== undefined && take(text);
    });
    isWhole &&= kept.length === found[kind].length;
    return kept;
  };
  const keepText = (text: string): boolean => texts.push(text) > 0;
  const params = readAll('params', keepText);
  const metrics = readAll('metrics', (text) => {
    const point = latestPoint(text);
    return point !== undefined && points.push(point.value, point.timestamp, point.step) > 0;
  });
  const tags = readAll('tags', keepText);
  const marks = fileMarks && isWhole ? [...folderMarks, ...fileMarks] : undefined;
  return { files: { folders, params, metrics, tags }, texts, points, marks, readAt };
}
