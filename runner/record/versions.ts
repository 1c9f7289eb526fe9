import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from '../../components/core/package-root.ts';

/** qrun's own version and those of the packages that it runs with; a package that is not installed is left out. */
export function packageVersions(): Record<string, string> {
  const root = packageRoot();
  const own = readPackage(root);
  const require = createRequire(join(root, 'package.json'));
  const versions: Record<string, string> = { qrun: own.version };
  for (const name of Object.keys(own.dependencies).sort()) {
    const folder = (require.resolve.paths(name) ?? [])
      .map((path) => join(path, name))
      .find((path) => existsSync(join(path, 'package.json')));
    if (folder) versions[name] = readPackage(folder).version;
  }
  return versions;
}

function readPackage(folder: string): { version: string; dependencies: Record<string, string> } {
  const { version = '', dependencies = {} } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as { version?: string; dependencies?: Record<string, string> };
  return { version, dependencies };
}
