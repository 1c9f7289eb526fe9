import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let root: string | undefined;

/** Folder of qrun's own package.json, found from this module upwards: the same for sources, build output and an installed package. */
export function packageRoot(): string {
  if (root) return root;
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name === 'qrun') return (root = folder);
    const up = dirname(folder);
    if (up === folder) throw new Error(`no package.json of qrun above ${fileURLToPath(import.meta.url)}`);
    folder = up;
  }
}

/** A file of the build output (`worker.js`, `wasm/rolling.wasm`). QRUN_DIST names another output folder, for development. */
export function builtFile(name: string): string {
  return join(packageRoot(), process.env['QRUN_DIST'] || 'dist', name);
}
