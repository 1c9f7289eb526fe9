import { timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './api-error.ts';

export interface GuardOptions {
  /** What the server listens on. */
  readonly host: string;
  /** Asked of every request but those for health and version; null: nobody is asked. */
  readonly token: string | null;
  /** Further names under which the server is reached. */
  readonly allowedHosts: readonly string[];
}

const cookie = 'qrun_token';
const open = new Set(['/health', '/version']);
const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses requests under a foreign host name (a web page whose name was pointed at this machine), changes asked for by other sites'
 * pages, and, if there is a token, requests without it. A browser gets the token by `/?token=...`, once, and keeps it as a cookie.
 */
export function registerGuard(app: FastifyInstance, { host, token, allowedHosts }: GuardOptions): void {
  const isOwn = hostTest(host, allowedHosts);
  // With a callback, not a promise: this stands in the way of every call.
  app.addHook('onRequest', (request, reply, done) => {
    try {
      checkSource(request, isOwn);
      if (token === null || isAllowed(request, reply, token)) done();
    } catch (error) {
      done(error as Error);
    }
  });
}

function checkSource(request: FastifyRequest, isOwn: (name: string) => boolean): void {
  const given = request.headers.host ?? '';
  const name = hostName(given);
  if (name === undefined || !isOwn(name))
    throw new ApiError(
      'PERMISSION_DENIED',
      'Invalid Host header: start the server with --allowed-host NAME to be reached by that name',
    );
  if (!safe.has(request.method)) checkOrigin(request, given);
}

/** False: the request is answered, the browser has got its cookie. @throws ApiError without the token. */
function isAllowed(request: FastifyRequest, reply: FastifyReply, token: string): boolean {
  const path = request.url.split('?')[0]!;
  if (open.has(path)) return true;
  const asked = (request.query as Record<string, unknown>)['token'];
  if (request.method === 'GET' && path === '/' && typeof asked === 'string') {
    if (!isSame(asked, token)) throw unauthenticated();
    reply.header('set-cookie', `${cookie}=${encodeURIComponent(token)}; HttpOnly; SameSite=Strict; Path=/`);
    reply.redirect('/');
    return false;
  }
  if (isAuthorized(request, token)) return true;
  reply.header('www-authenticate', 'Basic realm="qrun"');
  throw unauthenticated();
}

const unauthenticated = (): ApiError =>
  new ApiError(
    'UNAUTHENTICATED',
    'a token is needed: Authorization: Bearer TOKEN (MLFLOW_TRACKING_TOKEN), or open /?token=TOKEN in the browser',
  );

function checkOrigin(request: FastifyRequest, host: string): void {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const isForeign =
    origin === undefined
      ? site === 'cross-site' || site === 'same-site'
      : origin !== `http://${host}` && origin !== `https://${host}`;
  if (isForeign) throw new ApiError('PERMISSION_DENIED', 'Cross-origin request refused');
}

function isAuthorized({ headers }: FastifyRequest, token: string): boolean {
  const [scheme = '', value = ''] = (headers.authorization ?? '').split(' ');
  if (/^bearer$/i.test(scheme)) return isSame(value, token);
  if (/^basic$/i.test(scheme)) {
    const text = Buffer.from(value, 'base64').toString('utf8');
    return isSame(text.slice(text.indexOf(':') + 1), token);
  }
  const kept = new RegExp(`(?:^|;\\s*)${cookie}=([^;]*)`).exec(headers.cookie ?? '')?.[1];
  if (kept === undefined) return false;
  try {
    return isSame(decodeURIComponent(kept), token);
  } catch {
    return false;
  }
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The name without port and brackets. */
function hostName(header: string): string | undefined {
  const m = /^(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+))(?::\d{1,5})?$/.exec(header);
  return (m?.[1] ?? m?.[2])?.toLowerCase();
}

const isLoopback = (name: string): boolean =>
  name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);

export const isLoopbackHost = isLoopback;

function hostTest(host: string, allowed: readonly string[]): (name: string) => boolean {
  const names = new Set([host, ...allowed].map((name) => name.toLowerCase()));
  if (host === '0.0.0.0' || host === '::') {
    names.add(hostname().toLowerCase());
    for (const list of Object.values(networkInterfaces()))
      for (const { address } of list ?? []) names.add(address.toLowerCase());
    // An address cannot be pointed elsewhere, as a name can.
    return (name) => isLoopback(name) || names.has(name) || isIP(name) !== 0;
  }
  return (name) => isLoopback(name) || names.has(name);
}
