import { existsSync, readdirSync } from 'node:fs';
import { latestPoint } from '../metric-file.ts';
import { readText } from '../read-text.ts';
import { entryKinds, type RunFiles, type RunRecord } from './run-record.ts';

/** Reads all values of a run. Links are left out; a folder that is missing has no entries. `layouts` gives the same object to runs with the same files. */
export function readRecord(folder: string, layouts: Map<string, RunFiles>): RunRecord {
  const readAt = Date.now();
  const folders: string[] = [];
  const found = { params: [] as string[], metrics: [] as string[], tags: [] as string[] };
  const walk = (kind: 'params' | 'metrics' | 'tags', path: string, prefix: string): void => {
    folders.push(path);
    for (const entry of readdirSync(`${folder}/${path}`, { withFileTypes: true })) {
      if (entry.isFile()) found[kind].push(prefix + entry.name);
      else if (entry.isDirectory()) walk(kind, `${path}/${entry.name}`, `${prefix}${entry.name}/`);
    }
  };
  for (const kind of entryKinds) if (existsSync(`${folder}/${kind}`)) walk(kind, kind, '');

  const texts: string[] = [];
  const points: number[] = [];
  let isWhole = entryKinds.every((kind) => folders.includes(kind));
  /** Keys whose files hold no value go. */
  const readAll = (kind: 'params' | 'metrics' | 'tags', take: (text: string) => boolean): string[] => {
    const kept = found[kind].filter((key) => {
      const text = readText(`${folder}/${kind}/${key}`);
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
  const files = shared({ folders, params, metrics, tags }, layouts);
  return { files, texts, points: Float64Array.from(points), isWhole, readAt };
}

function shared(files: RunFiles, layouts: Map<string, RunFiles>): RunFiles {
  const key = [files.folders, files.params, files.metrics, files.tags]
    .map((all) => all.join('\n'))
    .join('\0');
  const known = layouts.get(key);
  if (!known) layouts.set(key, files);
  return known ?? files;
}
