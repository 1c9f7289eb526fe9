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
  // With callbacks, not promises: these stand in the way of every call.
  app.addHook('preParsing', (request, _reply, payload, done) => {
    if (isJson(request.headers['content-type'])) waiting.set(request.raw, performance.now());
    done(null, payload);
  });
  app.addHook('preValidation', (request, _reply, done) => {
    waiting.delete(request.raw);
    done();
  });
  app.addHook('onResponse', (request, _reply, done) => {
    waiting.delete(request.raw);
    done();
  });
  app.addHook('onRequestAbort', (request, done) => {
    waiting.delete(request.raw);
    done();
  });
  app.addHook('onClose', async () => clearInterval(timer));
}

const isJson = (type: string | undefined): boolean =>
  type?.toLowerCase().startsWith('application/json') === true;
