import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../../components/core/errors.ts';
import { homeFolder } from '../../../components/core/home-folder.ts';
import { cacheFolder } from '../../../components/data/cache/cache-folder.ts';
import { openStore } from '../../../records/tracking/open-store.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';
import type { Run } from '../../../records/tracking/types.ts';
import type { Job, Outcome } from '../protocol.ts';
import { type FinishedRun, finishedRuns, putAway } from '../sweep-state.ts';
import { tags } from '../tags.ts';
import type { JobEvents, JobResult } from '../worker-process.ts';
import { areHere, placeFiles } from './job-files.ts';
import type { JobContext } from './serve-queue.ts';

/** What makes runs: a worker process. */
export interface Runner {
  run(job: Job, events: JobEvents): Promise<JobResult>;
  stopJob(): void;
}

/**
 * Makes the run of a job in a worker process. A job that was given out before may have been made: then the store has its run. What a
 * dead worker left of it is put away, and where two were made after all, the second is put away.
 */
export async function runQueued(job: Job, context: JobContext, runner: Runner): Promise<Outcome> {
  const store = await openStore(job.uri, Date.now);
  try {
    const isAgain = context.isAgain || job.isRepeat === true;
    if (isAgain) {
      const before = await pointRuns(store, job);
      const done = finishedRuns(before).get(job.tags[tags.key]!);
      for (const run of before)
        if (run.info.runId !== done?.runId && run.info.status !== 'FAILED')
          await putAway(store, run).catch(() => {});
      if (done) return outcomeOf(done);
    }
    context.stop = () => runner.stopJob();
    const result = await runner.run(await placed(job, context), { onMetric: context.onMetric });
    if (result.status === 'crashed') throw new Error(result.message);
    if (!isAgain || result.status !== 'finished') return result;
    const after = (await pointRuns(store, job)).filter((run) => run.info.status === 'FINISHED');
    const [first, ...later] = after;
    for (const run of later) await putAway(store, run).catch(() => {});
    const kept = first && finishedRuns([first]).get(job.tags[tags.key]!);
    return kept && kept.runId !== result.runId ? outcomeOf(kept) : result;
  } finally {
    await store.close();
  }
}

/** The job with its workflow where this machine has it: at the sender's place, or written to a folder of its own. */
async function placed(job: Job, { contents }: JobContext): Promise<Job> {
  const files = job.files && { ...job.files, contents: await contents(job.files.hash) };
  if (files?.contents === undefined) {
    if (existsSync(job.config)) return job;
    throw new UserError(`no file ${job.config} on this machine, and Redis has lost its contents`, {
      hint: 'start the sweep again',
    });
  }
  if (areHere(files, job.config)) return job;
  return { ...job, ...placeFiles(files, join(cacheFolder(process.env, homeFolder()), 'jobs')) };
}

/** The runs of a job's point, the oldest first. */
async function pointRuns(store: TrackingStore, job: Job): Promise<readonly Run[]> {
  const experiment = await store.getExperimentByName(job.experimentName);
  if (!experiment) return [];
  const { items } = await store.searchRuns([experiment.experimentId], {
    filter: `tags."${tags.key}" = '${job.tags[tags.key]}' and tags."${tags.id}" = '${job.tags[tags.id]}'`,
    orderBy: ['attributes.start_time ASC'],
  });
  return items;
}

function outcomeOf({ runId, metrics, stopped, seconds = 0 }: FinishedRun): Outcome {
  return stopped === undefined
    ? { status: 'finished', runId, metrics, seconds, fitSeconds: 0 }
    : { status: 'stopped', runId, step: stopped, metrics };
}
