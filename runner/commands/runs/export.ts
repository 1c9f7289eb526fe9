import { createWriteStream, existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { UserError } from '../../../components/core/errors.ts';
import { openStore } from '../../../records/tracking/open-store.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';
import type { Run } from '../../../records/tracking/types.ts';
import { type ZipEntry, zip } from '../../server/api/zip.ts';
import { copyRun } from './copy-run.ts';
import { findRun } from './find-run.ts';
import { print, type StoreFlags, withStore } from './open.ts';

export interface ExportFlags extends StoreFlags {
  readonly runs: readonly string[];
  /** A folder, or a name that ends in `.zip`. */
  readonly target: string;
}

/** `qrun runs export RUN... DIR|FILE.zip`: a store of its own, in MLflow's file layout. Nothing that is there is overwritten. */
export function exportRuns(flags: ExportFlags): Promise<number> {
  if (flags.runs.length === 0)
    throw new UserError('no target is given', { hint: 'usage: qrun runs export RUN... FOLDER|FILE.zip' });
  const target = resolve(flags.target);
  return withStore(flags, async (store) => {
    const runs: Run[] = [];
    for (const name of flags.runs) runs.push(await findRun(store, name));
    if (target.toLowerCase().endsWith('.zip')) await exportZip(store, runs, target);
    else {
      refuseOther(target);
      await exportInto(store, runs, target);
    }
    print(
      `exported ${runs.length === 1 ? `run ${runs[0]!.info.runId}` : `${runs.length} runs`} to ${target}`,
    );
    return 0;
  });
}

async function exportInto(store: TrackingStore, runs: readonly Run[], folder: string): Promise<void> {
  const target = await openStore(pathToFileURL(folder).href, Date.now);
  try {
    for (const run of runs) await copyRun(store, target, run, Date.now());
  } finally {
    await target.close();
  }
}

async function exportZip(store: TrackingStore, runs: readonly Run[], file: string): Promise<void> {
  if (existsSync(file))
    throw new UserError(`${file} is there already`, { hint: 'take another name, or remove it first' });
  if (!existsSync(dirname(file))) throw new UserError(`no folder ${dirname(file)}`);
  const folder = await mkdtemp(join(tmpdir(), 'qrun-export-'));
  const half = `${file}.${process.pid}.part`;
  try {
    await exportInto(store, runs, folder);
    await pipeline(Readable.from(zip(await entriesOf(folder))), createWriteStream(half, { flags: 'wx' }));
    await rename(half, file);
  } finally {
    await rm(half, { force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

/** The files of a store, without the experiment that each has and that is empty here. */
async function entriesOf(folder: string): Promise<ZipEntry[]> {
  const files = await readdir(folder, { withFileTypes: true, recursive: true });
  const names = files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath ?? file.path, file.name).slice(folder.length + 1))
    .map((name) => name.split(sep).join('/'))
    .sort();
  const isEmptyDefault = !names.some((name) => name.startsWith('0/') && name !== '0/meta.yaml');
  return names
    .filter((name) => !(isEmptyDefault && name === '0/meta.yaml'))
    .map((name) => ({ name, read: () => readFile(join(folder, name)) }));
}

/** An export may go into a store or an empty folder. */
function refuseOther(folder: string): void {
  if (!existsSync(folder)) return;
  const names = readdirSync(folder);
  if (names.length > 0 && !names.some((name) => existsSync(join(folder, name, 'meta.yaml'))))
    throw new UserError(`${folder} is there and holds no store of runs`, {
      hint: 'name a new folder, or a store to which the runs are to be added',
    });
}
