import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../../../components/core/errors.ts';
import { isNotFound } from '../../../records/tracking/errors.ts';
import { openStore } from '../../../records/tracking/open-store.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';
import { allExperiments, searchAll } from './all-runs.ts';
import { copyRun } from './copy-run.ts';
import { findImported } from './find-imported.ts';
import { importedTag } from './imported-tag.ts';
import { print, type StoreFlags, storeUri } from './open.ts';
import { unzip } from './unzip.ts';

export interface ImportFlags extends StoreFlags {
  /** A folder with runs in MLflow's layout, or a zip file of one. */
  readonly source: string;
}

/**
 * `qrun runs import DIR|FILE.zip`: copies all runs that are not deleted. Where the artifacts were when the runs were made does not matter: those in
 * the folder are taken. Runs that the store has already are left out.
 */
export async function importRuns(flags: ImportFlags): Promise<number> {
  const source = resolve(flags.source);
  if (!existsSync(source)) throw new UserError(`no such file or folder: ${flags.source}`);
  if (statSync(source).isDirectory()) return importFolder(source, flags);
  const folder = await mkdtemp(join(tmpdir(), 'qrun-import-'));
  try {
    unzip(source, folder);
    return await importFolder(folder, flags);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function importFolder(folder: string, flags: ImportFlags): Promise<number> {
  const place = findStore(folder);
  if (!place)
    throw new UserError(`${flags.source} holds no runs`, {
      hint: 'expected a folder such as mlruns, or a zip file of one: experiments with meta.yaml, runs below them',
    });
  const uri = storeUri(flags);
  const [from, to] = [
    await openStore(pathToFileURL(place.root).href, Date.now),
    await openStore(uri, Date.now),
  ];
  try {
    const experiments = await allExperiments(from, 'ACTIVE_ONLY');
    const chosen = experiments.filter((e) => (place.experimentId ?? e.experimentId) === e.experimentId);
    const { runs } = await searchAll(from, chosen, { limit: Number.POSITIVE_INFINITY });
    let count = 0;
    for (const run of runs) {
      const { runId } = run.info;
      const there = await has(to, runId);
      if (there !== undefined) print(`${runId}: is there already${there === runId ? '' : ` as ${there}`}`);
      else {
        const id = await copyRun(from, to, run, Date.now());
        print(
          id === runId
            ? `${runId}: imported`
            : `${runId}: imported as ${id}, for the server gives ids itself; tag ${importedTag} keeps the old one, by which it is found as well`,
        );
        count++;
      }
    }
    print(`imported ${count} of ${runs.length} runs into ${uri}`);
    return 0;
  } finally {
    await from.close();
    await to.close();
  }
}

/** The id under which the store has the run already. */
async function has(store: TrackingStore, runId: string): Promise<string | undefined> {
  try {
    return (await store.getRun(runId)).info.runId;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return (await findImported(store, runId))[0]?.info.runId;
  }
}

interface Place {
  readonly root: string;
  /** Where the folder is one experiment: that one. */
  readonly experimentId?: string;
}

/** The store in a folder: the folder itself, or the only one in it that is one; an experiment counts as a part of one. */
function findStore(folder: string, depth = 2): Place | undefined {
  const meta = join(folder, 'meta.yaml');
  if (existsSync(meta) && !/^run_(?:id|uuid):/m.test(readFileSync(meta, 'utf8')))
    return { root: dirname(folder), experimentId: basename(folder) };
  const children = readdirSync(folder, { withFileTypes: true })
    .filter((child) => child.isDirectory())
    .map((child) => join(folder, child.name));
  if (children.some((child) => existsSync(join(child, 'meta.yaml')))) return { root: folder };
  if (depth === 0) return undefined;
  const below = children.flatMap((child) => findStore(child, depth - 1) ?? []);
  return below.length === 1 ? below[0] : undefined;
}
