import type { QlibRecorder } from '../../records/tracking/r.ts';
import type { Recorder } from '../../records/tracking/recorder.ts';
import { tags } from './tags.ts';

/** What training and SignalRecord leave beside the files of the model. */
const names = ['params.pkl', 'dataset', 'pred.pkl', 'label.pkl'];
/** What it leaves where processors learn something. */
const further = ['processors.pkl'];

/**
 * Copies what training made in another run, artifacts byte for byte and figures by step, and names that run in a tag.
 * False where the other run lacks something; then nothing has been copied.
 */
export async function reuseStage(R: QlibRecorder, from: string, recorder: Recorder): Promise<boolean> {
  const store = await R.expManager.store(recorder.uri);
  const source = await store.getRun(from);
  const files = await store.artifacts(from);
  const there = new Set((await files.list()).map(({ path }) => path));
  if (!names.every((name) => there.has(name))) return false;
  const other = await (await R.getExp({ experimentId: source.info.experimentId })).getRecorder({
    recorderId: from,
  });
  const params = await other.loadObject('params.pkl');
  const own =
    params instanceof Map ? (params.get('files') as unknown) : (params as { files?: unknown }).files;
  const modelFiles = Array.isArray(own) ? own.map(String) : [];
  if (!modelFiles.every((name) => there.has(name))) return false;
  const target = await store.artifacts(recorder.id);
  for (const name of [...modelFiles, ...names, ...further.filter((name) => there.has(name))])
    await target.write(name, await files.read(name));
  const stepMetrics = JSON.parse(source.data.tags.get(tags.stepMetrics) ?? '[]') as string[];
  for (const key of stepMetrics) {
    const points = await store.getMetricHistory(from, key);
    await store.logBatch(recorder.id, { metrics: points.map((point) => ({ key, ...point })) });
  }
  await recorder.setTags({ [tags.reusedFrom]: from, [tags.stepMetrics]: JSON.stringify(stepMetrics) });
  return true;
}
