import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The page: a handful of built files, known by name; nothing of the store is written into them. */
export function registerPage(app: FastifyInstance, folder: string | null): void {
  if (folder === null || !existsSync(join(folder, 'index.html'))) return;
  for (const name of readdirSync(folder)) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const bytes = readFileSync(join(folder, name));
    // Bundles have a hash in their names.
    const cache = name === 'index.html' ? 'no-cache' : 'public, max-age=31536000, immutable';
    let packed: Buffer | undefined;
    app.get(name === 'index.html' ? '/' : `/static/${name}`, (request, reply) => {
      reply.header('content-type', type).header('cache-control', cache).header('vary', 'accept-encoding');
      if (!/\bgzip\b/.test(String(request.headers['accept-encoding']))) return reply.send(bytes);
      packed ??= gzipSync(bytes, { level: 9 });
      return reply.header('content-encoding', 'gzip').send(packed);
    });
  }
}
