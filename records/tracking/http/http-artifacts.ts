import { statSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { UserError } from '../../../components/core/errors.ts';
import { makeFolder } from '../../../components/core/make-folder.ts';
import type { ArtifactData, ArtifactFile, ArtifactFolder } from '../artifact-folder.ts';
import { invalid, notFound } from '../errors.ts';
import { checkArtifactPath } from '../names.ts';
import { compareText } from '../search/sort.ts';
import type { RestClient } from './rest-client.ts';
import { filesOf } from './wire.ts';

/** Artifacts that a server hands through: MLflow's `mlflow-artifacts:` uris. */
export class HttpArtifacts implements ArtifactFolder {
  readonly #root: string;

  constructor(
    private readonly client: RestClient,
    private readonly runId: string,
    readonly uri: string,
  ) {
    this.#root = proxiedPath(uri);
  }

  localPath(): null {
    return null;
  }

  async list(path = ''): Promise<ArtifactFile[]> {
    checkArtifactPath(path);
    const query = { run_id: this.runId, ...(path === '' ? {} : { path }) };
    const files = filesOf(await this.client.get('artifacts/list', query));
    return files.filter((file) => file.path !== path).sort((a, b) => compareText(a.path, b.path));
  }

  async read(path: string): Promise<Uint8Array> {
    await this.#expectFile(path);
    return this.client.download(this.#pathOf(path));
  }

  async write(path: string, data: ArtifactData): Promise<void> {
    if (path === '') throw invalid('the artifact has no name', 'give a path below the artifacts of the run');
    await this.client.upload(this.#pathOf(path), await whole(data));
  }

  async remove(path: string): Promise<void> {
    if (path === '') throw invalid('the artifact has no name', 'give a path below the artifacts of the run');
    if (!(await this.#find(path))) throw noArtifact(path);
    await this.client.remove(this.#pathOf(path));
  }

  async upload(localPath: string, path = ''): Promise<void> {
    const source = resolve(localPath);
    const stat = statSync(source, { throwIfNoEntry: false });
    if (!stat) throw new UserError(`no such file or folder: ${localPath}`);
    const under = (name: string) => (path ? `${path}/${name}` : name);
    if (!stat.isDirectory()) return this.write(under(basename(source)), await readFile(source));
    for (const entry of await readdir(source, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath ?? entry.path, entry.name);
      await this.write(
        under(
          file
            .slice(source.length + 1)
            .split(sep)
            .join('/'),
        ),
        await readFile(file),
      );
    }
  }

  async download(path: string, target: string): Promise<string> {
    checkArtifactPath(path);
    const to = join(target, path);
    const found = path === '' ? undefined : await this.#find(path);
    if (path !== '' && !found) throw noArtifact(path);
    if (found && !found.isFolder) {
      makeFolder(dirname(to));
      await writeFile(to, await this.client.download(this.#pathOf(path)));
      return to;
    }
    makeFolder(to);
    for (const child of await this.list(path)) {
      // A server could name anything.
      checkArtifactPath(child.path);
      if (path !== '' && !child.path.startsWith(`${path}/`)) continue;
      await this.download(child.path, target);
    }
    return to;
  }

  async #expectFile(path: string): Promise<void> {
    const found = await this.#find(path);
    if (!found) throw noArtifact(path);
    if (found.isFolder) throw invalid(`artifact "${path}" is a folder`, 'name a file in it');
  }

  async #find(path: string): Promise<ArtifactFile | undefined> {
    checkArtifactPath(path);
    const at = path.lastIndexOf('/');
    return (await this.list(at < 0 ? '' : path.slice(0, at))).find((file) => file.path === path);
  }

  #pathOf(path: string): string {
    checkArtifactPath(path);
    return `${this.#root}/${path}`;
  }
}

/** `mlflow-artifacts:/1/RUN/artifacts` is at `1/RUN/artifacts` of the server. */
function proxiedPath(uri: string): string {
  const path = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.+)$/.exec(uri)?.[1];
  if (path === undefined) throw new UserError(`artifacts at ${uri} are not handed through by the server`);
  return path.replace(/\/+$/, '');
}

function noArtifact(path: string): Error {
  return notFound(`no artifact "${path}" in the run`);
}

async function whole(data: ArtifactData): Promise<Uint8Array> {
  if (typeof data === 'string') return Buffer.from(data);
  if (data instanceof Uint8Array) return data;
  const chunks: Uint8Array[] = [];
  for await (const chunk of data) chunks.push(chunk);
  return Buffer.concat(chunks);
}
