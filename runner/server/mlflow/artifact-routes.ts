import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ArtifactFolder } from '../../../records/tracking/artifact-folder.ts';
import { isNotFound } from '../../../records/tracking/errors.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';
import { ApiError, badRequest } from '../api-error.ts';
import type { ArtifactPlaces } from '../artifact-places.ts';
import { Fields } from '../fields.ts';
import type { Locations } from '../locations.ts';
import { checkedPath, decodedPath } from '../plain-path.ts';
import { artifactHeaders } from './artifact-headers.ts';
import { runId } from './runs.ts';

interface ArtifactServices {
  readonly store: TrackingStore;
  readonly places: ArtifactPlaces;
  readonly locations: Locations;
}

const queryOf = (request: FastifyRequest): Fields => new Fields(request.query as Record<string, unknown>);

/** Lists, reads, writes and removes artifacts: by run, and by path as MLflow's artifact proxy does. */
export function registerArtifacts(
  app: FastifyInstance,
  { store, places, locations }: ArtifactServices,
): void {
  for (const prefix of ['/api/2.0', '/ajax-api/2.0']) {
    app.get(`${prefix}/mlflow/artifacts/list`, async (request) => {
      const query = queryOf(request);
      const run = await store.getRun(runId(query));
      const path = folderPath(query);
      const files = await listed(await places.ofRun(run.info.runId), path);
      return {
        root_uri: await locations.ofRun(run.info),
        ...(files.length > 0 && { files: files.map((file) => fileJson(file.path, file)) }),
      };
    });

    const proxy = `${prefix}/mlflow-artifacts/artifacts`;
    const pathOf = (request: FastifyRequest): string =>
      decodedPath(request.raw.url!.split('?')[0]!.slice(proxy.length + 1));
    app.get(proxy, async (request) => {
      const path = folderPath(queryOf(request));
      const place = path === '' ? undefined : await places.find(path).catch(ignoreMissing);
      const files = place ? await listed(place.folder, place.path) : [];
      return files.length > 0 ? { files: files.map((file) => fileJson(basename(file.path), file)) } : {};
    });
    app.get(`${proxy}/*`, async (request, reply) => {
      const { folder, path } = await places.find(pathOf(request));
      return sendFile(reply, folder, path);
    });
    app.put(`${proxy}/*`, async (request) => {
      const { folder, path } = await places.find(pathOf(request));
      await folder.write(path, bodyOf(request));
      return {};
    });
    app.delete(`${proxy}/*`, async (request) => {
      const { folder, path } = await places.find(pathOf(request));
      await folder.remove(path);
      return {};
    });
    for (const call of ['mpu/create', 'mpu/complete', 'mpu/abort'])
      app.post(`${prefix}/mlflow-artifacts/${call}/*`, async () => {
        throw new ApiError('NOT_IMPLEMENTED', 'uploads in parts are not offered: send the file whole');
      });
    app.get(`${prefix}/mlflow-artifacts/presigned/*`, async () => {
      throw new ApiError('NOT_IMPLEMENTED', 'presigned downloads are not offered');
    });
  }

  for (const url of ['/get-artifact', '/ajax-api/2.0/mlflow/get-artifact'])
    app.get(url, async (request, reply) => {
      const query = queryOf(request);
      return sendFile(reply, await places.ofRun(runId(query)), checkedPath(query.requiredText('path')));
    });
  for (const url of ['/upload-artifact', '/ajax-api/2.0/mlflow/upload-artifact'])
    app.post(url, async (request) => {
      const query = queryOf(request);
      const folder = await places.ofRun(runId(query));
      await folder.write(checkedPath(query.requiredText('path')), bodyOf(request));
      return {};
    });
}

export async function sendFile(
  reply: FastifyReply,
  folder: ArtifactFolder,
  path: string,
): Promise<FastifyReply> {
  const local = folder.localPath(path);
  reply.headers(artifactHeaders(path));
  if (local === null) return reply.send(Buffer.from(await folder.read(path)));
  // The folder knows what lies in it, all links followed.
  const [parent, name] = split(path);
  const found = (await folder.list(parent)).find((file) => file.path === path && name !== '');
  if (!found || found.isFolder)
    throw new ApiError('RESOURCE_DOES_NOT_EXIST', `no artifact ${JSON.stringify(path.slice(0, 200))}`);
  reply.header('content-length', statSync(local).size);
  return reply.send(createReadStream(local));
}

function split(path: string): [string, string] {
  const at = path.lastIndexOf('/');
  return at < 0 ? ['', path] : [path.slice(0, at), path.slice(at + 1)];
}

function folderPath(query: Fields): string {
  return checkedPath((query.text('path') ?? '').replace(/^\.\/|\/+$/g, ''));
}

function bodyOf(request: FastifyRequest): Readable | Uint8Array {
  const { body } = request;
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body);
  if (typeof body === 'object' && Symbol.asyncIterator in body) return body as Readable;
  throw badRequest('the file is missing');
}

function fileJson(path: string, { isFolder, size }: { isFolder: boolean; size: number | null }): object {
  return { path, is_dir: isFolder, ...(size === null ? {} : { file_size: size }) };
}

async function listed(folder: ArtifactFolder, path: string): ReturnType<ArtifactFolder['list']> {
  return folder.list(path);
}

function ignoreMissing(error: unknown): undefined {
  if (isNotFound(error) || (error instanceof ApiError && error.code === 'RESOURCE_DOES_NOT_EXIST'))
    return undefined;
  throw error;
}
