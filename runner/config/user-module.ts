import { existsSync, realpathSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../../components/core/errors.ts';
import { builtFile } from '../../components/core/package-root.ts';

const endings = ['.ts', '.mts', '.js', '.mjs'];

export interface ModuleFolders {
  readonly folder: string;
  readonly searchPaths: readonly string[];
}

/** Names a file rather than a module of qlib: `./my_model.ts`, `src/model.py`, a URL. */
export function looksLikeFile(module: string): boolean {
  return /[/\\:\0]/.test(module) || /\.(?:[mc]?[jt]s|py)$/.test(module);
}

/**
 * The file that a user's `module_path` names: a path relative to the config's folder or a `sys.path` folder, or a module name
 * (`my_model`, `pkg.my_model`) that is a file there; undefined for a name without such a file. Only what really lies in one of these folders can be
 * reached, whatever dots and links say. @throws UserError for paths that are refused
 */
export function findUserModule(module: string, { folder, searchPaths }: ModuleFolders): string | undefined {
  const refused = (why: string) =>
    new UserError(`module_path "${module.slice(0, 200)}" is not allowed: ${why}`, {
      hint: "allowed: a module of qlib, or a .ts or .js file in the config's folder or in one of sys.path and sys.rel_path",
    });
  if (/^[a-z][a-z\d+.-]+:/i.test(module)) throw refused('it is a URL or a builtin of Node');
  if (module.includes('\0')) throw refused('it has a NUL character');
  if (module.endsWith('.py'))
    throw refused('Python cannot be run here, write the class in TypeScript or JavaScript');
  const isFile = looksLikeFile(module);
  const roots = isFile ? [folder, ...searchPaths] : searchPaths;
  const name = isFile ? module : module.replaceAll('.', sep);
  const tries = endings.some((e) => name.endsWith(e))
    ? ['']
    : [...endings, ...endings.map((e) => `${sep}index${e}`)];
  for (const root of roots) {
    const path = tries.map((e) => resolve(root, name) + e).find(isRegularFile);
    if (path === undefined) continue;
    const real = realpathSync(path);
    if (![folder, ...searchPaths].some((r) => isInside(real, r)))
      throw refused('it lies outside of the folders that may be used');
    return real;
  }
  if (!isFile) return undefined;
  if (roots.every((root) => !isInside(resolve(root, name), root)))
    throw refused('it lies outside of the folders that may be used');
  throw new UserError(`module_path "${module.slice(0, 200)}": no such file`, {
    hint: `looked in ${roots.join(', ')}`,
  });
}

function isRegularFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

function isInside(path: string, folder: string): boolean {
  const root = existsSync(folder) ? realpathSync(folder) : folder;
  const way = relative(root, path);
  return way !== '' && !isAbsolute(way) && way.split(sep)[0] !== '..';
}

const loaded = new Map<string, Promise<object>>();

/**
 * Imports a user's module: transpiled by esbuild with what it imports, no build step needed. `import ... from 'qrun'` is this very
 * package, so that its classes are the same. @throws UserError with file and line where it does not compile
 */
export function loadUserModule(file: string): Promise<object> {
  const key = `${file}\0${statSync(file).mtimeMs}`;
  let module = loaded.get(key);
  if (!module) loaded.set(key, (module = transpileAndImport(file)));
  return module;
}

/** A user's module and all that it imports as one text, and the names that it exports. @throws UserError as `loadUserModule` */
export function bundleUserModule(file: string): Promise<{ code: string; exports: readonly string[] }> {
  return transpile(file);
}

async function transpileAndImport(file: string): Promise<object> {
  const { code } = await transpile(file);
  const folder = await mkdtemp(join(tmpdir(), 'qrun-'));
  try {
    const path = join(folder, `${basename(file).replace(/\.[^.]*$/, '')}.mjs`);
    await writeFile(path, code, { mode: 0o600 });
    return (await import(pathToFileURL(path).href)) as object;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${file} failed when it was imported: ${reason}`, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function transpile(file: string): Promise<{ code: string; exports: readonly string[] }> {
  const { build } = await import('esbuild');
  const self = {
    name: 'qrun',
    setup: (b: EsbuildSetup) =>
      b.onResolve({ filter: /^qrun$/ }, () => ({
        path: pathToFileURL(builtFile('index.js')).href,
        external: true,
      })),
  };
  try {
    const { outputFiles, metafile } = await build({
      entryPoints: [file],
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      logLevel: 'silent',
      plugins: [self],
    });
    return { code: outputFiles[0]!.text, exports: Object.values(metafile.outputs)[0]!.exports };
  } catch (error) {
    throw compileError(file, error);
  }
}

interface EsbuildSetup {
  onResolve(options: { filter: RegExp }, callback: () => { path: string; external: boolean }): void;
}

interface BuildMessage {
  readonly text: string;
  readonly location: { readonly file: string; readonly line: number; readonly column: number } | null;
}

function compileError(file: string, error: unknown): UserError {
  const messages: readonly BuildMessage[] =
    error instanceof Error && 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  const [first] = messages;
  const place = first?.location ? `:${first.location.line}:${first.location.column + 1}` : '';
  return new UserError(`${file}${place}: ${first?.text ?? String(error)}`, { cause: error });
}
