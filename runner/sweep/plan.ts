import type { OpenSweep } from './open-sweep.ts';
import { pointsOf, Trials } from './points.ts';
import { finishedRuns, sweepRuns } from './sweep-state.ts';
import { duration, labelOf } from './view.ts';

const shown = 20;
/** More points than that are not read for the plan. */
const readAtMost = 2000;

/** What `--dry-run` shows: the points, what they share, what is done, and an estimate from the runs that are there. */
export async function planLines(open: OpenSweep, parallel: number): Promise<string[]> {
  const { sweep, folds } = open;
  const trials = new Trials(sweep, parallel);
  const each = (sweep.repeats?.seeds.length ?? 1) * Math.max(1, folds.length);
  const experimentId = await open.findExperiment();
  const runs = experimentId === undefined ? [] : await sweepRuns(open.store, experimentId, open.id);
  const finished = finishedRuns(runs);
  const [fits, handlers] = [new Set<string>(), new Set<string>()];
  const lines: string[] = [];
  let [points, done, own] = [0, 0, 0];
  for (let i = 0; i < trials.count && points < readAtMost; i++) {
    const trial = trials.get(i, () => undefined);
    if (!trial) break;
    for (const point of pointsOf(trial, sweep, folds)) {
      points++;
      if (finished.has(point.key)) done++;
      const { keys } = await open.prepare(point);
      handlers.add(keys.handler);
      if (keys.fit === undefined) own++;
      else fits.add(keys.fit);
      if (points <= shown)
        lines.push(
          `  [${point.index + 1}] ${labelOf(point)}${finished.has(point.key) ? '  (finished)' : ''}`,
        );
    }
  }
  const total = trials.count * each;
  const seconds = [...finished.values()].flatMap((run) => run.seconds ?? []);
  const mean = seconds.reduce((a, b) => a + b, 0) / seconds.length;
  const estimate =
    seconds.length === 0
      ? 'no run of it has finished yet, so there is no estimate'
      : `about ${duration(((total - done) * mean) / parallel)} left: ${mean.toFixed(1)} s a run (mean of ${seconds.length}), ${parallel} at a time`;
  const known = Number.isFinite(total) ? `${total} runs` : 'runs until the time is up';
  return [
    `sweep "${sweep.name}" (${open.id}), method ${sweep.method}: ${known}${each > 1 ? `, ${each} a set of values` : ''}, ${done} finished`,
    `experiment "${open.experimentName}" in ${open.uri}`,
    ...lines,
    ...(points > shown ? [`  ... and ${points - shown} more`] : []),
    `${handlers.size} data sets are loaded, ${fits.size + own} models trained${points < total && Number.isFinite(total) ? ' (of the points known beforehand)' : ''}`,
    estimate,
  ];
}
