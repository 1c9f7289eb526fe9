import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { TrackingStore } from '../../records/tracking/store.ts';
import { registerApi } from './api/api.ts';
import { ApiError, apiErrorOf } from './api-error.ts';
import { ArtifactPlaces, storeFolder } from './artifact-places.ts';
import { watchBodies } from './body-time.ts';
import { Fields } from './fields.ts';
import { type GuardOptions, registerGuard } from './guard.ts';
import { Locations } from './locations.ts';
import { LoggedModels } from './logged-models.ts';
import { registerArtifacts } from './mlflow/artifact-routes.ts';
import { datasetRoutes } from './mlflow/datasets.ts';
import { experimentRoutes } from './mlflow/experiments.ts';
import { loggedModelRoutes } from './mlflow/logged-models.ts';
import { loggingRoutes } from './mlflow/logging.ts';
import { metricRoutes } from './mlflow/metrics.ts';
import { notHereRoutes } from './mlflow/not-here.ts';
import { runRoutes } from './mlflow/runs.ts';
import { registerPage } from './page.ts';
import { RawJson, type Route, type Services } from './route.ts';
import { registerSecurityHeaders } from './security-headers.ts';

export interface ServerOptions extends Partial<GuardOptions> {
  readonly store: TrackingStore;
  readonly now: () => number;
  /** Folders outside the store from which artifacts may be served. */
  readonly artifactRoots?: readonly string[];
  /** Our own faults are told here; clients learn nothing of them. */
  readonly onFault?: (error: unknown) => void;
  /** The folder of the bundled page; null: no page. */
  readonly page?: string | null;
}

/** The version of MLflow's API that is spoken here: clients ask for it. */
export const mlflowVersion = '3.17.2';

const mostJson = 16 * 1024 * 1024;

/** MLflow's tracking server over any store, with the page and an API of our own; not listening yet. */
export function createServer(options: ServerOptions): FastifyInstance {
  const {
    store,
    now,
    host = '127.0.0.1',
    token = null,
    allowedHosts = [],
    artifactRoots = [],
    onFault = () => {},
  } = options;
  const app = fastify({
    bodyLimit: mostJson,
    // An idle connection ends; a request that comes in slowly has its own limits below.
    connectionTimeout: 120_000,
    keepAliveTimeout: 75_000,
    requestTimeout: 600_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 2000, ignoreTrailingSlash: false, caseSensitive: true },
    logger: false,
  });
  app.server.headersTimeout = 20_000;
  app.server.maxConnections = 4096;

  const folder = storeFolder(store.uri);
  const locations = new Locations(store);
  const models = folder === null ? null : new LoggedModels(folder, now);
  const services: Services = { store, locations, models, now };
  const places = new ArtifactPlaces(store, locations, models, [
    ...(folder === null ? [] : [folder]),
    ...artifactRoots,
  ]);

  registerSecurityHeaders(app);
  registerGuard(app, { host, token, allowedHosts });
  watchBodies(app);
  parseBodies(app);
  handleErrors(app, onFault);

  app.get('/health', (_request, reply) => reply.type('text/plain').send('OK'));
  app.get('/version', (_request, reply) => reply.type('text/plain').send(mlflowVersion));
  app.get('/api/3.0/mlflow/server-info', () => serverInfo(store.uri));
  app.get('/ajax-api/3.0/mlflow/server-info', () => serverInfo(store.uri));
  registerArtifacts(app, { store, places, locations });
  for (const prefix of ['/api/2.0/mlflow/', '/ajax-api/2.0/mlflow/'])
    for (const route of mlflowRoutes) register(app, prefix, route, services);
  registerApi(app, { ...services, places }, fieldsOf);
  registerPage(app, options.page ?? null);
  return app;
}

const mlflowRoutes: readonly Route[] = [
  ...experimentRoutes,
  ...runRoutes,
  ...loggingRoutes,
  ...metricRoutes,
  ...datasetRoutes,
  ...loggedModelRoutes,
  ...notHereRoutes,
];

function register(
  app: FastifyInstance,
  prefix: string,
  { method, path, handle }: Route,
  services: Services,
): void {
  app.route({
    method,
    url: prefix + path,
    exposeHeadRoute: false,
    async handler(request, reply) {
      const result = await handle(fieldsOf(request), services);
      if (!(result instanceof RawJson)) return result;
      return reply.type('application/json; charset=utf-8').send(result.text);
    },
  });
}

/** What a request asks with: the query of a GET, else the body; parts of the path come first. */
export function fieldsOf(request: FastifyRequest): Fields {
  const params = request.params as Record<string, unknown>;
  const given = request.method === 'GET' ? request.query : bodyOf(request);
  return new Fields(
    Object.keys(params).length > 0 ? { ...(given as object), ...params } : (given as Record<string, unknown>),
  );
}

function bodyOf({ body, headers, method }: FastifyRequest): object {
  // A DELETE names what goes in its path.
  if (body === undefined && (method === 'DELETE' || !headers['content-type'])) return {};
  if (typeof body !== 'string')
    throw new ApiError('BAD_REQUEST', 'the body must be sent as application/json');
  let value: unknown;
  try {
    value = body.trim() === '' ? {} : JSON.parse(body);
  } catch {
    throw new ApiError('INVALID_PARAMETER_VALUE', 'the body is not JSON');
  }
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw new ApiError('INVALID_PARAMETER_VALUE', 'the body is not a JSON object');
  return value;
}

/** JSON as text, everything else as it comes: a file is never held in memory. */
function parseBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    // A JSON file that is uploaded stays the bytes that it is.
    if (isUpload(request)) return done(null, uploadOf(body));
    try {
      done(null, utf8.decode(body as Buffer));
    } catch {
      done(new ApiError('INVALID_PARAMETER_VALUE', 'the body is not UTF-8'));
    }
  });
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

const isUpload = ({ url }: FastifyRequest): boolean =>
  url.includes('/mlflow-artifacts/') || url.includes('upload-artifact');

async function* uploadOf(body: string | Buffer): AsyncGenerator<Uint8Array> {
  yield typeof body === 'string' ? Buffer.from(body) : body;
}

function handleErrors(app: FastifyInstance, onFault: (error: unknown) => void): void {
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode;
    if (!(error instanceof ApiError) && status !== undefined && status >= 400 && status < 500)
      return reply.status(status).send({
        error_code: status === 413 ? 'REQUEST_TOO_LARGE' : 'BAD_REQUEST',
        message: 'the request cannot be read: its body is too large, broken or of another type',
      });
    const told = apiErrorOf(error);
    if (told.code === 'INTERNAL_ERROR') onFault(error);
    return reply.status(told.status).send(told.body);
  });
  app.setNotFoundHandler((request, reply) => {
    if (request.method === 'OPTIONS')
      return reply.status(204).header('allow', 'GET, POST, PUT, PATCH, DELETE').send();
    const told = new ApiError('ENDPOINT_NOT_FOUND', 'there is nothing at this address');
    return reply.status(told.status).send(told.body);
  });
}

function serverInfo(uri: string): object {
  return {
    store_type: uri.startsWith('sqlite:') ? 'SqlStore' : 'FileStore',
    workspaces_enabled: false,
    multipart_uploads_enabled: false,
    multipart_downloads_enabled: false,
    trace_archival_enabled: false,
    features_enabled: { gateway: false },
  };
}
