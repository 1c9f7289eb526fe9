import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** All files below a folder, also behind links, each folder once; folder by folder in the order of the names. */
export function filesBelow(folder: string): string[] {
  const files: string[] = [];
  const seen = new Set<string>();
  const visit = (path: string): void => {
    const real = realpathSync(path);
    if (seen.has(real)) return;
    seen.add(real);
    const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const inner = join(path, entry.name);
      const isFolder = entry.isSymbolicLink()
        ? statSync(inner, { throwIfNoEntry: false })?.isDirectory() === true
        : entry.isDirectory();
      if (isFolder) visit(inner);
      else files.push(inner);
    }
  };
  visit(folder);
  return files;
}
