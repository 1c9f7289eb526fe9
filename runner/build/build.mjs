// Builds dist/: bundles of the TypeScript sources and one .wasm for each AssemblyScript kernel.
// Does nothing when nothing changed. QRUN_DIST names another output folder.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPage } from './build-page.mjs';
import { bundledPackages, licencesOf } from './bundled-packages.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const dist = join(root, process.env.QRUN_DIST || 'dist');

function files(folder, keep, found = []) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files(path, keep, found);
    else if (keep(entry.name)) found.push(path);
  }
  return found;
}

const hash = (paths, extra = '') => {
  const h = createHash('sha256').update(process.version.split('.')[0]).update(extra);
  for (const path of paths)
    h.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0');
  return h.digest('hex');
};
const readText = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
function replaceFile(path, data) {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, data);
  renameSync(temporary, path);
}

const sourceFolders = ['runner', 'records', 'components'].map((f) => join(root, f));
const packageFiles = [join(root, 'package.json'), join(root, 'package-lock.json')].filter((f) =>
  existsSync(f),
);
const assembly = sourceFolders.flatMap((f) => files(f, (n) => n.endsWith('.as.ts'))).sort();
// a leading _ marks what kernels import
const isShared = (file) => basename(file).startsWith('_');
const kernels = assembly.filter((file) => !isShared(file));
const sources = sourceFolders
  .flatMap((f) => files(f, (n) => /\.(tsx?|mjs|html|css)$/.test(n) && !n.endsWith('.as.ts')))
  .sort();

/** Compiles the kernels whose source changed. Options of one kernel stand in its first line: `// asc: --enable threads ...`. */
function buildKernels() {
  mkdirSync(join(dist, 'wasm'), { recursive: true });
  for (const source of kernels) {
    const name = basename(source, '.as.ts');
    const stamp = join(dist, 'wasm', `${name}.hash`);
    const want = hash(
      [source, ...assembly.filter(isShared)],
      readText(join(root, 'node_modules/assemblyscript/package.json')),
    );
    if (readText(stamp) === want && existsSync(join(dist, 'wasm', `${name}.wasm`))) continue;
    const own = /^\/\/ asc: (.*)/.exec(readFileSync(source, 'utf8'))?.[1]?.trim().split(/\s+/) ?? [];
    const temporary = join(dist, 'wasm', `${name}.${process.pid}.wasm`);
    const asc = join(root, 'node_modules/assemblyscript/bin/asc.js');
    const options = [
      '-o',
      temporary,
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--enable',
      'bulk-memory',
      ...own,
    ];
    const done = spawnSync(process.execPath, [asc, relative(root, source), ...options], {
      cwd: root,
      stdio: 'inherit',
    });
    if (done.status !== 0) process.exit(done.status ?? 1);
    renameSync(temporary, join(dist, 'wasm', `${name}.wasm`));
    replaceFile(stamp, want);
  }
}

async function buildBundles() {
  const stamp = join(dist, 'bundle.hash');
  // kernels too: features and models that are kept are those of one build
  const want = hash([...sources, ...assembly, ...packageFiles]);
  if (readText(stamp) === want) return;
  const { build } = await import('esbuild');
  const entries = {
    cli: 'runner/cli.ts',
    index: 'runner/index.ts',
    worker: 'components/worker.ts',
    'record-tasks': 'records/worker-tasks.ts',
    decode: 'runner/server/decode/thread.ts',
    'read-runs': 'records/tracking/file/bulk/thread.ts',
    gbdt: 'components/model/gbdt/index.ts',
  };
  const entryPoints = Object.fromEntries(
    Object.entries(entries).filter(([, f]) => existsSync(join(root, f))),
  );
  let packages = [];
  const result = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: dist,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    metafile: true,
    plugins: [bundledPackages((folders) => (packages = folders))],
    chunkNames: 'chunks/[name]-[hash]',
    sourcemap: false,
    logLevel: 'warning',
    write: false,
    legalComments: 'none',
  });
  mkdirSync(join(dist, 'chunks'), { recursive: true });
  const fresh = new Set(result.outputFiles.map((f) => f.path));
  for (const { path, contents } of result.outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    replaceFile(path, contents);
  }
  for (const old of readdirSync(join(dist, 'chunks')))
    if (
      !fresh.has(join(dist, 'chunks', old)) &&
      Date.now() - statSync(join(dist, 'chunks', old)).mtimeMs > 600_000
    )
      rmSync(join(dist, 'chunks', old), { force: true });
  rmSync(join(dist, 'compiled'), { recursive: true, force: true });
  replaceFile(join(dist, 'LICENSES.txt'), licencesOf(root, packages));
  await buildPage(root, dist);
  replaceFile(stamp, want);
}

buildKernels();
try {
  await buildBundles();
} catch (error) {
  // esbuild has shown its errors already
  if (!Array.isArray(error?.errors)) throw error;
  process.exitCode = 1;
}
