import { UserError } from '../../components/core/errors.ts';
import { builtFile } from '../../components/core/package-root.ts';
import { FileStore } from '../../records/tracking/file/file-store.ts';
import { folderOf, openStore } from '../../records/tracking/open-store.ts';
import type { TrackingStore } from '../../records/tracking/store.ts';
import { createServer } from './app.ts';
import { isLoopbackHost } from './guard.ts';
import { IndexedStore } from './index/indexed-store.ts';

export interface ServeOptions {
  readonly uri: string;
  readonly host: string;
  readonly port: number;
  readonly token: string | null;
  /** Without a token, serve others than this machine. */
  readonly insecure: boolean;
  readonly allowedHosts: readonly string[];
  readonly artifactRoots: readonly string[];
  readonly log: (line: string) => void;
}

/** A server that runs. */
export interface Serving {
  readonly url: string;
  /** Takes no more requests, ends those that are under way, and closes the store. */
  close(): Promise<void>;
}

/** @throws UserError where the machine's network could be reached without a token, or the port is taken. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { host, port, token, insecure, log } = options;
  if (!isLoopbackHost(host) && token === null && !insecure)
    throw new UserError(`--host ${host} lets other machines read and change the store`, {
      hint: 'give --token TOKEN (or QRUN_TOKEN), or --insecure if the network is trusted',
    });
  const store = indexed(await openStore(options.uri, Date.now));
  await store.searchExperiments({ maxResults: 1 });
  const app = createServer({
    store,
    now: Date.now,
    host,
    token,
    allowedHosts: options.allowedHosts,
    artifactRoots: options.artifactRoots,
    page: builtFile('ui'),
    onFault: (error) => log(`fault: ${error instanceof Error ? error.stack : String(error)}`),
  });
  try {
    await app.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw new UserError(`port ${port} is taken`, { hint: 'choose another with --port', cause: error });
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new UserError(`--host ${host} is no address of this machine`, { cause: error });
    if (code === 'EACCES')
      throw new UserError(`port ${port} may not be opened`, {
        hint: 'choose one above 1023 with --port',
        cause: error,
      });
    throw error;
  }
  if (store instanceof IndexedStore) void store.warm();
  const address = app.server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    async close() {
      const patience = setTimeout(() => app.server.closeAllConnections(), 5000);
      await app.close();
      clearTimeout(patience);
      await store.close();
    },
  };
}

/** Other stores have indexes of their own. */
function indexed(store: TrackingStore): TrackingStore {
  const folder = store instanceof FileStore ? folderOf(store.uri) : undefined;
  return folder === undefined ? store : new IndexedStore(store, folder);
}
