import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { makeFolder } from '../../core/make-folder.ts';

/** Files that are to take their places, in this order; the journal of an update. */
interface Journal {
  readonly moves: readonly string[];
}

const journalName = 'commit.json';

/**
 * A folder that is changed at once or not at all. A new one is made beside its place and renamed. An update is made in a folder inside;
 * its journal lists the files to move, and once that stands, whoever comes next ends what was begun.
 */
export class ImportTarget {
  readonly folder: string;
  /** Where the new files are written, in the layout of the folder. */
  readonly work: string;
  readonly staging: string;

  private constructor(
    folder: string,
    readonly isUpdate: boolean,
    private readonly isReplaced: boolean,
  ) {
    this.folder = folder;
    const name = `.${basename(folder)}.import-${process.pid}`;
    this.work = isUpdate ? join(folder, `.import-${process.pid}`) : join(dirname(folder), name);
    this.staging = join(this.work, '.staging');
    makeFolder(this.staging);
  }

  /** @throws UserError where the folder holds something and is neither updated nor overwritten */
  static open(path: string, { update, overwrite }: { update: boolean; overwrite: boolean }): ImportTarget {
    const folder = resolve(path);
    if (existsSync(folder) && !statSync(folder).isDirectory())
      throw new UserError(`${path} is a file`, { hint: 'name a folder for the data' });
    removeLeftovers(dirname(folder), `.${basename(folder)}.import-`);
    recoverImport(folder);
    const holds = existsSync(folder) ? readdirSync(folder) : [];
    const isData = holds.includes('calendars') && holds.includes('features');
    if (update && !isData)
      throw new UserError(`${path} is no data folder that could be updated`, {
        hint: 'leave --update out to make a new one',
      });
    if (!update && holds.length > 0 && !(overwrite && isData))
      throw new UserError(`${path} is there and not empty`, {
        hint: isData
          ? '--update adds later days and new instruments, --overwrite replaces the folder'
          : 'name a new folder; only a data folder is replaced',
      });
    return new ImportTarget(folder, update, !update && existsSync(folder));
  }

  /** For files that are added to a folder, whatever else it holds. */
  static within(path: string): ImportTarget {
    const folder = resolve(path);
    recoverImport(folder);
    return new ImportTarget(folder, true, false);
  }

  /** Puts everything in place: `files`, relative to the folder, in this order. */
  commit(files: readonly string[]): void {
    rmSync(this.staging, { recursive: true, force: true });
    if (this.isUpdate) {
      const journal: Journal = { moves: files };
      writeFileSync(join(this.work, `${journalName}.new`), JSON.stringify(journal));
      renameSync(join(this.work, `${journalName}.new`), join(this.work, journalName));
      moveAll(this.work, this.folder);
      return;
    }
    if (!this.isReplaced) {
      renameSync(this.work, this.folder);
      return;
    }
    const old = `${this.work}.old`;
    renameSync(this.folder, old);
    renameSync(this.work, this.folder);
    rmSync(old, { recursive: true, force: true });
  }

  /** Removes what was made, unless it has been put in place. */
  discard(): void {
    rmSync(this.work, { recursive: true, force: true });
  }
}

/** Ends an update that was interrupted while its files were moved, removes one that was interrupted before. True where there was one to end. */
export function recoverImport(folder: string): boolean {
  if (!existsSync(folder)) return false;
  let isDone = false;
  for (const name of readdirSync(folder)) {
    const pid = /^\.import-(\d+)$/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const work = join(folder, name);
    if (existsSync(join(work, journalName))) {
      moveAll(work, folder);
      isDone = true;
    } else rmSync(work, { recursive: true, force: true });
  }
  return isDone;
}

function moveAll(work: string, folder: string): void {
  const { moves } = JSON.parse(readFileSync(join(work, journalName), 'utf8')) as Journal;
  for (const file of moves) {
    // moved already, before an interruption
    if (!existsSync(join(work, file))) continue;
    makeFolder(dirname(join(folder, file)));
    renameSync(join(work, file), join(folder, file));
  }
  rmSync(work, { recursive: true, force: true });
}

/** Folders of imports that ended early; a folder set aside while another took its place comes back if that failed. */
function removeLeftovers(parent: string, prefix: string): void {
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix)) continue;
    const [pid = '', old] = name.slice(prefix.length).split('.');
    if (!/^\d+$/.test(pid) || isAlive(Number(pid))) continue;
    const place = join(parent, prefix.slice(1, -'.import-'.length));
    if (old === 'old' && !existsSync(place)) renameSync(join(parent, name), place);
    else rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
