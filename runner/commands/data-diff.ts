import { UserError } from '../../components/core/errors.ts';
import type { Fingerprint } from '../../components/data/fingerprint.ts';
import { type DataDifference, diffFingerprints, isSameData } from '../../components/data/fingerprint-diff.ts';
import { readAgain } from '../../components/data/read-again.ts';
import { unpacked } from '../../records/codec/gzip.ts';
import { isNotFound } from '../../records/tracking/errors.ts';
import type { TrackingStore } from '../../records/tracking/store.ts';
import { fingerprintFile } from '../record/names.ts';
import { differenceLines } from './data-diff-text.ts';
import { findRun } from './runs/find-run.ts';
import { print, type StoreFlags, withStore } from './runs/open.ts';

export interface DataDiffFlags extends StoreFlags {
  readonly run: string;
  readonly other?: string;
  readonly folder?: string;
  readonly exitCode?: boolean;
  readonly json?: boolean;
}

/**
 * `qrun data diff RUN [RUN2]`: what differs between the data that RUN has read and that of RUN2, or the data as it is now: fields, instruments and
 * years, members of markets, days of calendars. Returns the exit code.
 */
export function dataDiffCommand(flags: DataDiffFlags): Promise<number> {
  return withStore(flags, async (store) => {
    const before = await fingerprintOfRun(store, flags.run);
    const now = flags.other === undefined ? await readAgain(before, flags.folder) : undefined;
    const after = now?.fingerprint ?? (await fingerprintOfRun(store, flags.other!));
    const difference: DataDifference = diffFingerprints(before, after);
    if (flags.json) print(JSON.stringify({ ...difference, longer: now?.longer ?? [] }, null, 2));
    else for (const line of differenceLines(difference, now?.longer ?? [])) print(line);
    return flags.exitCode && !isSameData(difference) ? 1 : 0;
  });
}

export async function fingerprintOfRun(store: TrackingStore, name: string): Promise<Fingerprint> {
  const { info } = await findRun(store, name);
  try {
    const bytes = await (await store.artifacts(info.runId)).read(fingerprintFile);
    const value: unknown = JSON.parse(Buffer.from(unpacked(bytes)).toString('utf8'));
    if (typeof value === 'object' && value !== null && 'version' in value && value.version === 1)
      return value as Fingerprint;
  } catch (error) {
    if (isNotFound(error))
      throw new UserError(`run ${info.runId} has no fingerprint of its data`, {
        hint: 'runs of qrun have one from their end on; runs of Python qlib have none',
      });
    throw new UserError(`${fingerprintFile} of run ${info.runId} is damaged`, { cause: error });
  }
  throw new UserError(`${fingerprintFile} of run ${info.runId} is of a later version of qrun`);
}
