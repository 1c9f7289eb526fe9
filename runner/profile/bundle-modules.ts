import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ModuleOf } from './module-time.ts';

/** Where a module begins in a bundle of esbuild's. */
interface Start {
  readonly line: number;
  readonly module: string;
}

const comment = /^\/\/ ((?:[\w@.-]+\/)+[\w.-]+\.[mc]?[jt]sx?)$/;

/** Lines of a bundle at which a module's code begins, as the bundler's comments tell. */
export function moduleStarts(bundle: string): Start[] {
  return bundle.split('\n').flatMap((text, line) => {
    const module = comment.exec(text)?.[1];
    return module === undefined ? [] : [{ line, module }];
  });
}

/** Tells modules apart within qrun's own bundles; other files stand for themselves, those of packages from `node_modules` on. */
export function bundleModules(
  read: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): ModuleOf {
  const known = new Map<string, Start[]>();
  return (url, line) => {
    const path = url.startsWith('file:') ? fileURLToPath(url) : url;
    let starts = known.get(path);
    if (!starts) {
      known.set(path, (starts = startsOf(path, read)));
    }
    const start = starts.findLast((s) => s.line <= line);
    return start?.module ?? shortPath(path);
  };
}

function startsOf(path: string, read: (path: string) => string): Start[] {
  try {
    return path.includes('/node_modules/') ? [] : moduleStarts(read(path));
  } catch {
    return [];
  }
}

/** From the last `node_modules` on, else the last three names. */
function shortPath(path: string): string {
  const at = path.lastIndexOf('/node_modules/');
  return at >= 0 ? path.slice(at + 1) : path.split('/').slice(-3).join('/');
}
