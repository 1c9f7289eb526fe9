import { rmSync } from 'node:fs';
import { UserError } from '../../components/core/errors.ts';
import { homeFolder } from '../../components/core/home-folder.ts';
import { cacheFolder } from '../../components/data/cache/cache-folder.ts';
import { CacheStore } from '../../components/data/cache/cache-store.ts';
import { readManifest } from '../../components/data/cache/entry.ts';
import { runIndexFolder } from '../../records/tracking/open-store.ts';
import { aboutKept } from '../kept-models/kept-models.ts';
import { modelStore } from '../kept-models/open.ts';
import { reportError } from '../report-error.ts';

const print = (line: string) => void process.stdout.write(`${line}\n`);

/** The parts of the cache, each with what is told of an entry. */
function parts(): { readonly store: CacheStore; about(folder: string): string }[] {
  return [
    { store: new CacheStore(cacheFolder(process.env, homeFolder())), about: aboutFeatures },
    { store: modelStore(process.env, homeFolder()), about: aboutKept },
  ];
}

function aboutFeatures(folder: string): string {
  const manifest = readManifest(folder);
  return manifest
    ? `${manifest.about.fields} fields x ${manifest.rows} rows of ${manifest.about.folder}, ${manifest.about.first.slice(0, 40)} ...`
    : 'damaged';
}

/** `qrun cache ls`; returns the exit code. */
export function cacheList(): number {
  try {
    for (const { store, about } of parts()) {
      const entries = store.list();
      for (const { name, folder, bytes, usedAt } of entries) {
        const used = new Date(usedAt).toISOString().slice(0, 16).replace('T', ' ');
        print(`${name.slice(0, 8)}  ${sizeText(bytes).padStart(8)}  ${used}  ${about(folder)}`);
      }
      const total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
      print(
        `${store.place}: ${entries.length} entries, ${sizeText(total)} of at most ${sizeText(store.maxBytes)}`,
      );
    }
    return 0;
  } catch (error) {
    return reportError(error, false);
  }
}

/** `qrun cache prune` and `clear`: what features may take, models as well. Returns the exit code. */
export function cachePrune(max: string): number {
  try {
    if (bytesOf(max) === 0)
      rmSync(runIndexFolder(process.env, homeFolder()), { recursive: true, force: true });
    for (const { store } of parts()) {
      const removed = store.prune(Math.min(bytesOf(max), store.maxBytes));
      const freed = removed.reduce((sum, entry) => sum + entry.bytes, 0);
      print(`${store.place}: removed ${removed.length} entries, ${sizeText(freed)}`);
    }
    return 0;
  } catch (error) {
    return reportError(error, false);
  }
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

function bytesOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?$/i.exec(text.trim());
  if (!match) throw new UserError(`--max ${text}`, { hint: 'a size, such as 500MB or 2GB' });
  return Number(match[1]) * units[match[2]!.toLowerCase()]!;
}

function sizeText(bytes: number): string {
  const [size, unit] =
    bytes >= 1e9 ? [bytes / 1e9, 'GB'] : bytes >= 1e6 ? [bytes / 1e6, 'MB'] : [bytes / 1e3, 'kB'];
  return `${size.toFixed(size < 10 ? 1 : 0)} ${unit}`;
}
