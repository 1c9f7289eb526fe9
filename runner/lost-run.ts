import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../components/core/errors.ts';
import { localArtifacts } from '../records/tracking/artifact-uri.ts';
import { folderOf, sqlitePath } from '../records/tracking/open-store.ts';
import type { Recorder } from '../records/tracking/recorder.ts';

/** Was a run's folder, or the database of its store, removed while it was at work? Of artifacts that are not on this machine nothing is known. */
export function isLost(recorder: Recorder): boolean {
  const folder = runFolder(recorder);
  if (folder === undefined) return false;
  // a write at the same moment may have made the folder again
  if (folderOf(recorder.uri) !== undefined) return !existsSync(join(folder, 'meta.yaml'));
  const database = sqlitePath(recorder.uri);
  // SQLite goes on writing into a file that has no name any more
  return !existsSync(folder) || (database !== undefined && !existsSync(database));
}

/** What is told of such a run in place of whatever failed for want of the folder. `isModelKept`: the cache has the trained model. */
export function lostRun(recorder: Recorder, isModelKept: boolean): UserError {
  const database = sqlitePath(recorder.uri);
  const [what, place] =
    database === undefined || existsSync(database)
      ? ['folder of the run', runFolder(recorder)]
      : ['database of the store', database];
  return new UserError(`the ${what} was removed while it was at work: ${place}`, {
    hint: `nothing of the run is kept${isModelKept ? ', but its model is: the same command takes it from the cache' : ': run it again'}`,
  });
}

function runFolder({ artifactUri }: Recorder): string | undefined {
  const artifacts = localArtifacts(artifactUri);
  return artifacts === null ? undefined : dirname(artifacts);
}
