import { UserError } from '../../../components/core/errors.ts';
import { nearest } from '../../../components/core/nearest.ts';
import { isNotFound } from '../../../records/tracking/errors.ts';
import { localTime } from '../../../records/tracking/local-time.ts';
import { isRunId } from '../../../records/tracking/names.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';
import { isInView, type Run, type ViewType } from '../../../records/tracking/types.ts';
import { allExperiments, searchAll } from './all-runs.ts';
import { findImported } from './find-imported.ts';

/** Candidates that a message lists. */
const shown = 10;

/**
 * The run that `text` names: its id, the beginning of one id only, its name, or the id that it had before it was imported into a server. `latest` is the newest run, unless a run has that name.
 * @throws UserError where there is none, or several, which are listed
 */
export async function findRun(store: TrackingStore, text: string, view: ViewType = 'ALL'): Promise<Run> {
  const exact = await byId(store, text);
  if (exact) return inView(exact, view, text);
  const experiments = await allExperiments(store, 'ALL');
  const search = (filter: string | undefined, limit = Number.POSITIVE_INFINITY) =>
    searchAll(store, experiments, {
      view: 'ALL',
      limit,
      filter,
      orderBy: ['attributes.start_time DESC'],
    }).then(({ runs }) => runs);
  const found = await matching(text, search);
  const all = found.length > 0 ? found : await findImported(store, text);
  const matches = all.filter(({ info }) => isInView(info.lifecycleStage, view));
  if (matches.length === 1) return matches[0]!;
  if (matches.length === 0 && all[0]) return inView(all[0], view, text);
  if (matches.length === 0) {
    const newest = (await search(undefined, nearby)).filter(({ info }) =>
      isInView(info.lifecycleStage, view),
    );
    if (text === 'latest' && newest[0]) return newest[0];
    throw noRun(text, newest, store.uri);
  }
  const names = new Map(experiments.map((e) => [e.experimentId, e.name]));
  const lines = matches.slice(0, shown).map(({ info }) => {
    const experiment = names.get(info.experimentId) ?? info.experimentId;
    return `${info.runId}  ${info.runName}  ${experiment}  ${info.status}  ${localTime(info.startTime) ?? ''}`;
  });
  const more = matches.length > shown ? [`and ${matches.length - shown} more`] : [];
  throw new UserError(`"${text}" is ${matches.length} runs`, {
    hint: ['name one by its id, or by enough of its beginning, newest first:', ...lines, ...more].join(
      '\n  ',
    ),
  });
}

async function byId(store: TrackingStore, text: string): Promise<Run | undefined> {
  if (!isRunId(text)) return undefined;
  try {
    return await store.getRun(text);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function inView(run: Run, view: ViewType, text: string): Run {
  const isDeleted = run.info.lifecycleStage === 'deleted';
  if (view === 'ALL' || isDeleted === (view === 'DELETED_ONLY')) return run;
  throw new UserError(
    `run ${text} is ${isDeleted ? 'deleted' : 'not deleted'}`,
    isDeleted ? { hint: 'qrun runs restore brings it back' } : {},
  );
}

/** Fewer characters of an id say nothing. */
const beginningOfId = /^[\w-]{2,}$/;

/** Runs among which the nearest name is looked for. */
const nearby = 200;

/** Those of that name, else those whose ids begin so; asked of the store, which may have an index. */
async function matching(
  text: string,
  search: (filter: string) => Promise<readonly Run[]>,
): Promise<readonly Run[]> {
  // the search language has no escapes: a text with both quotes can't be asked for
  const quote = text.includes("'") ? '"' : "'";
  const named =
    text === '' || text.includes(quote) ? [] : await search(`attributes.run_name = ${quote}${text}${quote}`);
  if (named.length > 0 || !beginningOfId.test(text)) return named;
  const begun = await search(`attributes.run_id LIKE '${text.toLowerCase()}%'`);
  return begun.filter((run) => run.info.runId.startsWith(text.toLowerCase()));
}

function noRun(text: string, runs: readonly Run[], uri: string): UserError {
  const near = nearest(
    text,
    runs.map((run) => run.info.runName),
  );
  return new UserError(`no run "${text.slice(0, 200)}" in ${uri}`, {
    hint: `${near ? `did you mean "${near}"? ` : ''}a run is named by its id, the beginning of it, or its name; qrun runs lists them`,
  });
}
