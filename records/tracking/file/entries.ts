import { readdirSync, statSync } from 'node:fs';
import { readText } from './read-text.ts';

/** The entries of `params/`, `metrics/` or `tags/`: a key with slashes is a file in folders. */
export interface EntryNames {
  readonly keys: readonly string[];
  /** All folders with their times of change: new and removed entries show there. */
  readonly folders: readonly { readonly path: string; readonly changed: number }[];
}

/** Links are left out. A folder that is missing has no entries. */
export function listEntries(root: string): EntryNames {
  const keys: string[] = [];
  const folders: { path: string; changed: number }[] = [];
  const walk = (path: string, prefix: string): void => {
    const changed = changedAt(path);
    if (changed === 0) return;
    folders.push({ path, changed });
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isFile()) keys.push(prefix + entry.name);
      else if (entry.isDirectory()) walk(`${path}/${entry.name}`, `${prefix}${entry.name}/`);
    }
  };
  walk(root, '');
  return { keys, folders };
}

/** When a file or folder itself last changed, in milliseconds, which no program can set, as it can the time of its contents; 0 where there is nothing. */
export function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0;
}

/** No entry has come or gone since the listing. A folder that changed just before it was read may have changed again in the same tick. */
export function isUnchanged({ folders }: EntryNames, readAt: number): boolean {
  return (
    folders.length > 0 &&
    folders.every(({ path, changed }) => changed < readAt - 50 && changedAt(path) === changed)
  );
}

export function readEntries<T>(
  root: string,
  { keys }: EntryNames,
  parse: (text: string) => T | undefined,
): Map<string, T> {
  const out = new Map<string, T>();
  for (const key of keys) {
    const text = readText(`${root}/${key}`);
    const value = text === undefined ? undefined : parse(text);
    if (value !== undefined) out.set(key, value);
  }
  return out;
}
