import { extname } from 'node:path';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { badRequest } from '../api-error.ts';
import type { Fields } from '../fields.ts';
import { sendFile } from '../mlflow/artifact-routes.ts';
import { checkedPath } from '../plain-path.ts';
import { type ApiRoute, type ApiServices, runParameter } from './api-route.ts';
import { compareRoute } from './compare.ts';
import { configRoute } from './config.ts';
import { experimentsRoute } from './experiments-list.ts';
import { allFiles, filesRoute } from './files.ts';
import { type FileRoute, openApi } from './openapi.ts';
import { positionRoutes } from './positions.ts';
import { previewRoute } from './preview.ts';
import { researchRoute } from './research.ts';
import { runsTableRoute } from './runs-table.ts';
import { stateRoute } from './state.ts';
import { sweepLuckRoute } from './sweep-luck.ts';
import { zip } from './zip.ts';

const prefix = '/api/qrun/';

const routes: readonly ApiRoute[] = [
  experimentsRoute,
  runsTableRoute,
  filesRoute,
  previewRoute,
  configRoute,
  researchRoute,
  ...positionRoutes,
  compareRoute,
  stateRoute,
  sweepLuckRoute,
];

const pathParameter = {
  name: 'path',
  type: 'string',
  required: true,
  description: 'path of the artifact',
} as const;

const files: readonly FileRoute[] = [
  {
    path: 'runs/:run_id/view',
    summary: 'An image or HTML artifact, to be shown without scripts',
    parameters: [runParameter, pathParameter],
    content: 'image/*',
  },
  {
    path: 'runs/:run_id/zip',
    summary: 'All artifacts of a run, or those below a path, in one file',
    parameters: [runParameter, { ...pathParameter, required: false }],
    content: 'application/zip',
  },
  {
    path: 'runs/:run_id/file',
    summary: 'One artifact, to be saved',
    parameters: [runParameter, pathParameter],
    content: 'application/octet-stream',
  },
];

/** Our own API, below /api/qrun. */
export function registerApi(
  app: FastifyInstance,
  services: ApiServices,
  fieldsOf: (request: FastifyRequest) => Fields,
): void {
  for (const { method, path, handle } of routes)
    app.route({
      method,
      url: prefix + path,
      exposeHeadRoute: false,
      handler: (request) => handle(fieldsOf(request), services),
    });
  const document = openApi(prefix, routes, files);
  app.get(`${prefix}openapi.json`, () => document);

  app.get(`${prefix}runs/:run_id/file`, async (request, reply) => {
    const fields = fieldsOf(request);
    return sendFile(
      reply,
      await services.places.ofRun(fields.requiredText('run_id')),
      checkedPath(fields.requiredText('path')),
    );
  });
  app.get(`${prefix}runs/:run_id/view`, async (request, reply) => {
    const fields = fieldsOf(request);
    const path = checkedPath(fields.requiredText('path'));
    const type = shownTypes[extname(path).toLowerCase()];
    if (type === undefined) throw badRequest('only images and HTML are shown; download the rest');
    const folder = await services.places.ofRun(fields.requiredText('run_id'));
    const bytes = Buffer.from(await folder.read(path));
    return withoutScripts(reply).header('content-type', type).send(bytes);
  });
  app.get(`${prefix}runs/:run_id/zip`, async (request, reply) => {
    const fields = fieldsOf(request);
    const id = fields.requiredText('run_id');
    const folder = await services.places.ofRun(id);
    const below = checkedPath(fields.text('path') ?? '');
    const { files: all, cut } = await allFiles(folder);
    if (cut) throw badRequest('the run has too many artifacts for one file');
    const chosen = all.filter(({ path }) => below === '' || path === below || path.startsWith(`${below}/`));
    const entries = chosen.map(({ path }) => ({ name: path, read: () => folder.read(path) }));
    return reply
      .header('content-type', 'application/zip')
      .header('content-disposition', `attachment; filename="run-${id.replace(/\W/g, '').slice(0, 12)}.zip"`)
      .send(Readable.from(zip(entries)));
  });
}

const shownTypes: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
  '.html': 'text/html; charset=utf-8',
  '.htm': 'text/html; charset=utf-8',
};

/** In a sandbox of its own origin: no scripts, no requests, only what is in the file. */
function withoutScripts(reply: FastifyReply): FastifyReply {
  return reply.header(
    'content-security-policy',
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'self'",
  );
}
