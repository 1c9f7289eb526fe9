import type { Recorder } from '../../records/tracking/recorder.ts';
import { type RunSettings, recordEnvironment } from './environment.ts';

/** Writes the artifact `environment.json`, and MLflow's tags of the git commit. */
export async function saveEnvironment(recorder: Recorder, settings: RunSettings): Promise<void> {
  const environment = await recordEnvironment(settings);
  await recorder.saveObjects({ 'environment.json': environment });
  const { git } = environment;
  if (!git) return;
  await recorder.setTags({
    'mlflow.source.git.commit': git.commit,
    ...(git.branch === null ? {} : { 'mlflow.source.git.branch': git.branch }),
    'qrun.git.dirty': git.isDirty ? 'true' : 'false',
  });
}
