// Builds the page (runner/ui) into DIST/ui: a few files, named by their content, and index.html that names them.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export async function buildPage(root, dist) {
  const { build } = await import('esbuild');
  const folder = join(dist, 'ui');
  const result = await build({
    absWorkingDir: root,
    entryPoints: { app: 'runner/ui/main.tsx', style: 'runner/ui/style.css' },
    outdir: folder,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryNames: '[name]-[hash]',
    chunkNames: 'part-[hash]',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
    legalComments: 'none',
    write: false,
  });
  mkdirSync(folder, { recursive: true });
  const names = result.outputFiles.map(({ path }) => basename(path));
  for (const { path, contents } of result.outputFiles) replaceFile(path, contents);
  const named = (start, end) => `static/${names.find((n) => n.startsWith(start) && n.endsWith(end))}`;
  const html = readFileSync(join(root, 'runner/ui/index.html'), 'utf8')
    .replace('STYLE', named('style-', '.css'))
    .replace('SCRIPT', named('app-', '.js'));
  replaceFile(join(folder, 'index.html'), html);
  for (const old of readdirSync(folder))
    if (old !== 'index.html' && !names.includes(old)) rmSync(join(folder, old), { force: true });
}

function replaceFile(path, data) {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, data);
  renameSync(temporary, path);
}
