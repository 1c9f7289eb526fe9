import { resolve } from 'node:path';
import { UserError } from '../../components/core/errors.ts';
import { type ServeOptions, serve } from '../server/serve.ts';

export interface ServerArguments {
  readonly uri?: string;
  readonly host?: string;
  readonly port?: string;
  readonly token?: string;
  readonly insecure?: boolean;
  readonly allowedHost?: readonly string[];
  readonly artifacts?: readonly string[];
}

/** `qrun server`: serves a store until it is told to stop. Returns the exit code. */
export async function serverCommand(given: ServerArguments): Promise<number> {
  const serving = await serve(serveOptions(given));
  process.stdout.write(`qrun server: ${given.uri ?? 'mlruns'} at ${serving.url}\n`);
  await stopAsked();
  await serving.close();
  return 0;
}

/** The command line's words, checked. */
export function serveOptions(given: ServerArguments): ServeOptions {
  const port = Number(given.port ?? 5000);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new UserError(`--port ${given.port} is no port`, {
      hint: 'a whole number from 0 (any free one) to 65535',
    });
  const token = given.token ?? process.env['QRUN_TOKEN'] ?? '';
  return {
    uri: given.uri ?? 'mlruns',
    host: given.host ?? '127.0.0.1',
    port,
    token: token === '' ? null : token,
    insecure: given.insecure === true,
    allowedHosts: given.allowedHost ?? [],
    artifactRoots: (given.artifacts ?? []).map((folder) => resolve(folder)),
    log: (line) => void process.stderr.write(`${line}\n`),
  };
}

/** Until SIGINT or SIGTERM; a second one ends the process at once. */
export function stopAsked(): Promise<void> {
  return new Promise((done) => {
    const stop = (): void => {
      process.once('SIGINT', () => process.exit(130));
      process.once('SIGTERM', () => process.exit(143));
      done();
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
}
