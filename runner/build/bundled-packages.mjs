// The packages that every command loads are bundled: one file instead of a hundred at each start. All others are imported from node_modules.
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';

const bundled = ['ajv', 'commander', 'js-yaml', 'simple-statistics'];
const isBundled = (path) => bundled.some((name) => path === name || path.startsWith(`${name}/`));

/** For esbuild; takes the place of its option `packages: 'external'`. Tells the folder of each package that it lets in by `onPackage`. */
export function bundledPackages(onPackage) {
  return {
    name: 'bundled-packages',
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, ({ path, kind, importer }) => {
        // CommonJS within a bundle of ES modules has no `require`
        if (isBuiltin(path))
          return kind === 'require-call' ? { path, namespace: 'builtin' } : { path, external: true };
        if (kind === 'entry-point' || isBundled(path) || importer.includes('/node_modules/'))
          return undefined;
        return { path, external: true };
      });
      build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
        contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
      }));
      build.onEnd(({ metafile }) => {
        const folders = Object.keys(metafile.inputs)
          .map((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1])
          .filter((folder) => folder !== undefined);
        onPackage([...new Set(folders)].sort());
      });
    },
  };
}

/** The licences of bundled packages, as they ask to be kept with the code. */
export function licencesOf(root, folders) {
  return folders
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      const file = readdirSync(join(root, folder)).find((f) => /^licen[cs]e/i.test(f));
      const text = file ? readFileSync(join(root, folder, file), 'utf8').trim() : `Licence: ${license}`;
      return `${name} ${version} (${license})\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
