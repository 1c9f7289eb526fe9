import { constants, existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { copyFile, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../../../components/core/errors.ts';
import { makeFolder } from '../../../components/core/make-folder.ts';
import type { ArtifactData, ArtifactFile, ArtifactFolder } from '../artifact-folder.ts';
import { invalid, notFound } from '../errors.ts';
import { checkArtifactPath } from '../names.ts';
import { compareText } from '../search/sort.ts';
import { temporaryName } from './atomic.ts';
import { isErrorCode } from './error-code.ts';

/** Artifacts in a local folder. Links that lead out of it are neither read nor written through. */
export class LocalArtifacts implements ArtifactFolder {
  constructor(
    private readonly root: string,
    /** Where half-written files stand; null: nothing may be written. */
    private readonly workFolder: string | null,
  ) {}

  get uri(): string {
    return pathToFileURL(this.root).href;
  }

  localPath(path = ''): string {
    checkArtifactPath(path);
    return path === '' ? this.root : join(this.root, path);
  }

  async list(path = ''): Promise<ArtifactFile[]> {
    const folder = this.localPath(path);
    if (!this.#isInside(folder) || !statSync(folder).isDirectory()) return [];
    const names = (await readdir(folder)).sort(compareText);
    const found: ArtifactFile[] = [];
    for (const name of names) {
      const child = join(folder, name);
      if (!this.#isInside(child)) continue;
      const stat = statSync(child);
      const isFolder = stat.isDirectory();
      found.push({
        path: path === '' ? name : `${path}/${name}`,
        isFolder,
        size: isFolder ? null : stat.size,
      });
    }
    return found;
  }

  async read(path: string): Promise<Uint8Array> {
    return readFile(this.#existingFile(path));
  }

  async write(path: string, data: ArtifactData): Promise<void> {
    await this.#place(path, (temporary) => writeFile(temporary, data, { flag: 'wx' }));
  }

  async remove(path: string): Promise<void> {
    if (path === '') throw invalid('the artifact has no name', 'give a path below the artifacts of the run');
    const target = this.localPath(path);
    if (!this.#isInside(target)) throw noArtifact(path);
    if (this.workFolder === null) throw this.#readOnly();
    await rm(target, { recursive: true });
  }

  async upload(localPath: string, path = ''): Promise<void> {
    checkArtifactPath(path);
    const source = resolve(localPath);
    const stat = statSync(source, { throwIfNoEntry: false });
    if (!stat) throw new UserError(`no such file or folder: ${localPath}`);
    if (!stat.isDirectory())
      return this.#copyIn(source, path ? `${path}/${basename(source)}` : basename(source));
    for (const entry of await readdir(source, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath ?? entry.path, entry.name);
      const below = file
        .slice(source.length + 1)
        .split(sep)
        .join('/');
      await this.#copyIn(file, path ? `${path}/${below}` : below);
    }
  }

  async download(path: string, target: string): Promise<string> {
    const source = this.localPath(path);
    if (!this.#isInside(source)) throw noArtifact(path);
    if (!statSync(source).isDirectory()) {
      const to = join(target, path);
      makeFolder(dirname(to));
      await copyFile(source, to);
      return to;
    }
    const to = join(target, path);
    makeFolder(to);
    for (const child of await this.list(path)) await this.download(child.path, target);
    return to;
  }

  #copyIn(source: string, path: string): Promise<void> {
    return this.#place(path, (temporary) => copyFile(source, temporary, constants.COPYFILE_EXCL));
  }

  /** Writes beside and renames, so that nobody sees a part. */
  async #place(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
    if (path === '') throw invalid('the artifact has no name', 'give a path below the artifacts of the run');
    if (this.workFolder === null) throw this.#readOnly();
    const target = this.localPath(path);
    makeArtifactFolder(dirname(target), path);
    if (!this.#isInside(dirname(target))) throw invalid(`artifact path "${path}" is a link out of the run`);
    if (lstatSync(target, { throwIfNoEntry: false })?.isDirectory())
      throw invalid(`artifact "${path}" is a folder`, 'give a path in it, or another name');
    const temporary = temporaryName(this.workFolder);
    try {
      await write(temporary);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  #readOnly(): Error {
    return invalid(
      `artifacts of the run lie outside the store (${this.root})`,
      'they can be read, not written',
    );
  }

  #existingFile(path: string): string {
    const file = this.localPath(path);
    if (!this.#isInside(file)) throw noArtifact(path);
    if (statSync(file).isDirectory()) throw invalid(`artifact "${path}" is a folder`, 'name a file in it');
    return file;
  }

  /** Is it there, and inside, all links followed? */
  #isInside(path: string): boolean {
    if (!existsSync(path)) return false;
    const root = realpathSync(this.root);
    const real = realpathSync(path);
    return real === root || real.startsWith(root + sep);
  }
}

function makeArtifactFolder(folder: string, path: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    if (isErrorCode(error, 'EEXIST', 'ENOTDIR'))
      throw invalid(
        `artifact path "${path}" goes through a file`,
        'a file cannot be a folder as well: take another path',
      );
    throw error;
  }
}

function noArtifact(path: string): Error {
  return notFound(`no artifact "${path}" in the run`);
}
