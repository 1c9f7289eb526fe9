import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** How long the body of a call may take; files may take as long as they keep coming. */
const longest = 30_000;

/** Ends requests whose JSON body drips in. One timer watches all of them. */
export function watchBodies(app: FastifyInstance): void {
  const waiting = new Map<IncomingMessage, number>();
  const timer = setInterval(() => {
    const now = performance.now();
    for (const [request, since] of waiting) {
      if (now - since < longest) break;
      waiting.delete(request);
      request.destroy();
    }
  }, 2000);
  timer.unref();
  app.addHook('preParsing', async (request, _reply, payload) => {
    if (/^application\/json/i.test(request.headers['content-type'] ?? ''))
      waiting.set(request.raw, performance.now());
    return payload;
  });
  app.addHook('preValidation', async (request) => {
    waiting.delete(request.raw);
  });
  app.addHook('onResponse', async (request) => {
    waiting.delete(request.raw);
  });
  app.addHook('onRequestAbort', async (request) => {
    waiting.delete(request.raw);
  });
  app.addHook('onClose', async () => clearInterval(timer));
}
