import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../core/make-folder.ts';
import { Claims } from './claims.ts';

/** An entry as `qrun cache ls` shows it. */
export interface CacheEntry {
  readonly name: string;
  readonly folder: string;
  readonly bytes: number;
  /** When it was last read or written, in ms. */
  readonly usedAt: number;
}

export const defaultCacheBytes = 4 * 1024 ** 3;
const entryName = /^[0-9a-f]{32}\.[0-9a-f]{32}$/;

/**
 * A folder of entries, each a folder named `<request>.<content>`: made under another name and renamed when whole, so that concurrent
 * runs share them and a killed one leaves nothing that counts. The longest unused go first when there are more bytes than allowed.
 */
export class CacheStore {
  /** Who computes which request just now. */
  readonly claims: Claims;
  /** The folder of its entries. */
  readonly place: string;

  constructor(
    readonly folder: string,
    readonly maxBytes: number = defaultCacheBytes,
    /** The part of the cache that this is. */
    part: 'features' | 'models' = 'features',
  ) {
    this.place = join(folder, part);
    this.claims = new Claims(folder);
  }

  /** Makes the folder of entries where it is not there. @throws the system's error. */
  open(): void {
    makeFolder(this.place);
  }

  /** Content hashes for which a request is kept. */
  contentsOf(request: string): string[] {
    return this.#names()
      .filter((name) => name.startsWith(`${request}.`))
      .map((name) => name.slice(request.length + 1));
  }

  folderOf(request: string, content: string): string {
    return join(this.place, `${request}.${content}`);
  }

  /** Marks an entry as used now. */
  touch(request: string, content: string, now: Date): void {
    try {
      utimesSync(join(this.folderOf(request, content), 'manifest.json'), now, now);
    } catch {
      // gone meanwhile, or a cache that may only be read
    }
  }

  /** Whether an entry of that many bytes may be kept and finds room on the disk. */
  hasRoom(bytes: number): boolean {
    if (bytes > this.maxBytes) return false;
    try {
      makeFolder(this.place);
      const { bavail, bsize } = statfsSync(this.place);
      return bavail * bsize >= 2 * bytes;
    } catch {
      return false;
    }
  }

  /** A new folder to fill; undefined where an entry of that many bytes must not or cannot be kept. */
  begin(bytes: number): string | undefined {
    try {
      makeFolder(this.place);
      this.#removeDead();
      if (!this.hasRoom(bytes)) return undefined;
      for (let k = 0; ; k++) {
        const folder = join(this.place, `new-${process.pid}-${k}`);
        if (existsSync(folder)) continue;
        mkdirSync(folder);
        return folder;
      }
    } catch {
      return undefined;
    }
  }

  /** Makes a filled folder an entry, then removes what is too much. */
  commit(folder: string, request: string, content: string): void {
    const place = this.folderOf(request, content);
    try {
      if (existsSync(place)) rmSync(place, { recursive: true, force: true });
      renameSync(folder, place);
    } catch {
      // another run was faster
      rmSync(folder, { recursive: true, force: true });
    }
    this.prune(this.maxBytes);
  }

  /** Gives up a folder of `begin`. */
  discard(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
  }

  remove(request: string, content: string): void {
    rmSync(this.folderOf(request, content), { recursive: true, force: true });
  }

  /** Entries, the longest unused first. */
  list(): CacheEntry[] {
    return this.#names()
      .flatMap((name): CacheEntry[] => {
        const folder = join(this.place, name);
        try {
          const bytes = readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
          return [{ name, folder, bytes, usedAt: statSync(join(folder, 'manifest.json')).mtimeMs }];
        } catch {
          return [];
        }
      })
      .sort((a, b) => a.usedAt - b.usedAt);
  }

  /** Removes the longest unused entries until no more than `maxBytes` are left; returns what was removed. */
  prune(maxBytes: number): CacheEntry[] {
    this.#removeDead();
    const entries = this.list();
    let total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    const removed: CacheEntry[] = [];
    for (const entry of entries) {
      if (total <= maxBytes) break;
      rmSync(entry.folder, { recursive: true, force: true });
      total -= entry.bytes;
      removed.push(entry);
    }
    return removed;
  }

  /** The hash of file contents that had just this stamp; undefined where the stamp is new. */
  contentOfStamp(stamp: string): string | undefined {
    try {
      const text = readFileSync(join(this.folder, 'stamps', stamp), 'utf8');
      return /^[0-9a-f]{32}$/.test(text) ? text : undefined;
    } catch {
      return undefined;
    }
  }

  keepStamp(stamp: string, content: string): void {
    try {
      const folder = join(this.folder, 'stamps');
      makeFolder(folder);
      const names = readdirSync(folder);
      // they are 32 bytes each, and made anew at no great cost
      if (names.length > 4096) for (const name of names) rmSync(join(folder, name), { force: true });
      const file = join(folder, `${stamp}.${process.pid}`);
      writeFileSync(file, content);
      renameSync(file, join(folder, stamp));
    } catch {
      // a cache that may only be read
    }
  }

  #names(): string[] {
    try {
      return readdirSync(this.place).filter((name) => entryName.test(name));
    } catch {
      return [];
    }
  }

  /** Half-made entries of processes that are gone. */
  #removeDead(): void {
    if (!existsSync(this.place)) return;
    for (const name of readdirSync(this.place)) {
      const pid = /^new-(\d+)-\d+$/.exec(name)?.[1];
      if (pid !== undefined && Number(pid) !== process.pid && !isAlive(Number(pid)))
        rmSync(join(this.place, name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
