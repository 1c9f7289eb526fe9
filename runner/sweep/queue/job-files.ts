import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../../../components/core/errors.ts';
import { makeFolder } from '../../../components/core/make-folder.ts';
import type { Workflow } from '../../config/index.ts';
import { isMapping } from '../../config/spec.ts';
import { hashOf } from '../points.ts';

/** The files that a workflow is made of, for machines that do not have them; paths are relative to a folder around all of them, with `/`. */
export interface JobFiles {
  /** Of paths and contents. */
  readonly hash: string;
  readonly entry: string;
  /** The current folder of whoever sends the job, where it lies around the files; else the folder itself. */
  readonly cwd: string;
  /** In base64. Left out where they are kept elsewhere under `hash`. */
  readonly contents?: Readonly<Record<string, string>> | undefined;
}

/** Larger ones are data: they lie on each machine. */
const mostBytes = 1024 * 1024;
const longestPath = 500;
const isModule = (path: string) => /\.[cm]?[jt]s$/.test(path);

/**
 * The workflow file with all that it names by a relative path: its base, the user's own modules and what these import from beside them, small tables. What it names by
 * an absolute path, and data folders, are expected at the same place, or where a template's variable says.
 */
export function jobFiles(workflow: Workflow, config: string, cwd: string): JobFiles {
  const paths = new Set([config]);
  const folders = [cwd, workflow.folder, ...workflow.searchPaths];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') for (const path of filesNamed(value, folders)) paths.add(path);
    else if (Array.isArray(value)) value.forEach(visit);
    else if (isMapping(value)) Object.values(value).forEach(visit);
  };
  visit(workflow.config);
  for (const path of paths) if (isModule(path)) for (const other of importsOf(path)) paths.add(other);
  const root = commonFolder([...paths].map(dirname), cwd);
  const nameOf = (path: string) => relative(root, path).split(sep).join('/');
  const contents = Object.fromEntries(
    [...paths].sort().map((path) => [nameOf(path), readFileSync(path).toString('base64')]),
  );
  const inside = nameOf(cwd);
  return {
    hash: hashOf([contents, nameOf(config)]),
    entry: nameOf(config),
    cwd: isInside(inside) ? inside : '',
    contents,
  };
}

/** Are the sender's files here, at the same place and with the same contents? */
export function areHere({ entry, contents = {} }: JobFiles, config: string): boolean {
  const root = config.slice(0, config.length - entry.length);
  if (resolve(root, entry) !== resolve(config)) return false;
  return Object.entries(contents).every(([name, text]) => {
    try {
      return readFileSync(join(root, name)).toString('base64') === text;
    } catch {
      return false;
    }
  });
}

/** Writes the files below `folder`, once; returns the workflow's place and the current folder for it. @throws UserError for paths that lead out of it */
export function placeFiles(
  { hash, entry, cwd, contents = {} }: JobFiles,
  folder: string,
): { config: string; cwd: string } {
  if (!/^[0-9a-f]+$/.test(hash)) throw new UserError('a job has files without a name');
  for (const name of [entry, cwd, ...Object.keys(contents)])
    if (!isInside(name)) throw new UserError(`a job's file ${name} leads out of its folder`);
  const place = join(folder, hash);
  if (!existsSync(place)) {
    const made = `${place}.${process.pid}`;
    for (const [name, text] of Object.entries(contents)) {
      makeFolder(dirname(join(made, name)));
      writeFileSync(join(made, name), Buffer.from(text, 'base64'));
    }
    makeFolder(join(made, cwd));
    try {
      renameSync(made, place);
    } catch {
      // another process was faster
      rmSync(made, { recursive: true, force: true });
    }
  }
  return { config: join(place, entry), cwd: join(place, cwd) };
}

const isInside = (path: string) => !isAbsolute(path) && !path.split(/[\\/]/).includes('..');

function filesNamed(text: string, folders: readonly string[]): string[] {
  if (text === '' || text.length > longestPath || isAbsolute(text) || /[\0\n]/.test(text)) return [];
  return folders.map((folder) => resolve(folder, text)).filter(isSmallFile);
}

function isSmallFile(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size <= mostBytes;
}

/** Modules that a module imports by a relative path. */
function importsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g)]
    .flatMap(([, name]) => {
      const base = resolve(dirname(path), name!);
      return [base, ...['.ts', '.js', '.mjs'].map((ending) => base + ending), base.replace(/\.js$/, '.ts')];
    })
    .filter(isSmallFile);
}

/** The folder around all folders; the current one where it is around them. */
function commonFolder(folders: readonly string[], cwd: string): string {
  const common = folders.reduce((a, b) => {
    let folder = a;
    while (!isInside(relative(folder, b))) folder = dirname(folder);
    return folder;
  });
  return isInside(relative(cwd, common)) ? cwd : common;
}
