import type { ArtifactFolder } from '../../../records/tracking/artifact-folder.ts';
import { type ApiRoute, runParameter } from './api-route.ts';

const mostFiles = 5000;
const deepest = 20;

export interface FoundFile {
  readonly path: string;
  readonly size: number;
}

/** All files below the root, folder by folder; cut off at a bound. */
export async function allFiles(folder: ArtifactFolder): Promise<{ files: FoundFile[]; cut: boolean }> {
  const files: FoundFile[] = [];
  const open: [path: string, depth: number][] = [['', 0]];
  for (let next = open.shift(); next; next = open.shift()) {
    const [path, depth] = next;
    for (const entry of await folder.list(path)) {
      if (files.length + open.length >= mostFiles) return { files, cut: true };
      if (!entry.isFolder) files.push({ path: entry.path, size: entry.size ?? 0 });
      else if (depth < deepest) open.push([entry.path, depth + 1]);
    }
  }
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), cut: false };
}

export const filesRoute: ApiRoute = {
  method: 'GET',
  path: 'runs/:run_id/files',
  summary: 'All artifacts of a run, with sizes in bytes',
  parameters: [runParameter],
  async handle(fields, { places }) {
    return allFiles(await places.ofRun(fields.requiredText('run_id')));
  },
};
