import { existsSync } from 'node:fs';
import { UserError } from '../../../components/core/errors.ts';
import { listed } from '../../../components/core/listed.ts';
import { folderOf, openStore, sqlitePath } from '../../../records/tracking/open-store.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';

/** What every command about runs takes. */
export interface StoreFlags {
  /** A folder, sqlite:///FILE or http://HOST; default MLFLOW_TRACKING_URI, else mlruns. */
  readonly uri?: string;
}

/** The store that is meant. */
export function storeUri({ uri }: StoreFlags): string {
  return uri ?? (process.env['MLFLOW_TRACKING_URI'] || 'mlruns');
}

/** Opens the store for `work`; nothing is made. @throws UserError where there is none. */
export async function withStore<T>(
  flags: StoreFlags,
  work: (store: TrackingStore) => Promise<T>,
): Promise<T> {
  const uri = storeUri(flags);
  const place = folderOf(uri) ?? sqlitePath(uri);
  if (place !== undefined && !existsSync(place))
    throw new UserError(`no store of runs at ${place}`, {
      hint: 'name one with --uri: a folder, sqlite:///FILE or http://HOST:PORT',
    });
  const store = await openStore(uri, Date.now);
  try {
    return await work(store);
  } finally {
    warnOfUnreadable(store);
    await store.close();
  }
}

/** Runs that are left out of a list are not passed over in silence. */
function warnOfUnreadable(store: TrackingStore): void {
  const folders = store.unreadable?.() ?? [];
  if (folders.length === 0) return;
  process.stderr.write(`warning: left out, for want of a readable meta.yaml: ${listed(folders)}\n`);
}

/** Where the text of a command goes. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
