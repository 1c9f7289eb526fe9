import type { Recorder } from '../../records/tracking/recorder.ts';
import type { RunKeeper } from '../../records/tracking/services.ts';
import { saveEnvironment } from './save-environment.ts';
import { stagesFile, stagesText } from './stages.ts';

/** How often a run's time and memory are written while it runs, milliseconds. */
const interval = 30_000;

/**
 * What a run keeps without being asked that a script makes through `R`, outside of `qrun CONFIG`: `environment.json` with the git tags from its start,
 * and `stages.json` with the whole run as one stage, written every half minute and at its end. Config and data are the script's own affair.
 * What cannot be written is left out: a run does not fail for it. A run that is taken up again keeps the environment that made it.
 */
export function keepLibraryRun(recorder: Recorder, now: () => number): RunKeeper {
  const started = now();
  const save = async (isRunning: boolean): Promise<void> => {
    const seconds = Math.max(0, now() - started) / 1000;
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    const text = stagesText([{ stage: 'run', seconds, peakBytes }], isRunning ? 'run' : undefined);
    await recorder.writeArtifact(stagesFile, text).catch(() => undefined);
  };
  let saved = firstTime(recorder)
    .then((isFirst) => (isFirst ? saveEnvironment(recorder, { cwd: process.cwd() }) : undefined))
    .catch(() => undefined)
    .then(() => save(true));
  const timer = setInterval(() => {
    saved = saved.then(() => save(true));
  }, interval);
  timer.unref();
  return {
    async end() {
      clearInterval(timer);
      await saved;
      await save(false);
    },
  };
}

async function firstTime(recorder: Recorder): Promise<boolean> {
  return !(await recorder.listArtifacts()).includes('environment.json');
}
