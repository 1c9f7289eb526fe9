import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { makeFolder } from '../../../components/core/make-folder.ts';
import { invalid } from '../errors.ts';
import type { DatasetInput } from '../types.ts';
import { createFile } from './atomic.ts';
import type { Layout } from './layout.ts';
import { formatMeta } from './meta-yaml.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Writes data sets that a run has read where MLflow looks for them. What is there already stays. */
export function writeDatasets(
  runFolder: string,
  runId: string,
  datasets: readonly DatasetInput[],
  layout: Layout,
): void {
  for (const { name, digest, context, sourceType, source, schema, profile, tags } of datasets) {
    if (name === '' || digest === '') throw invalid('a data set has no name or no digest', 'give both');
    const datasetId = md5(name + digest);
    const write = (folder: string, text: string): void => {
      makeFolder(folder);
      if (!layout.contains(folder)) throw invalid(`data set "${name}" would be written outside the store`);
      createFile(`${folder}/meta.yaml`, text, runFolder);
    };
    const meta = { name, digest, source_type: sourceType ?? '', source: source ?? '' };
    write(
      `${dirname(runFolder)}/datasets/${datasetId}`,
      formatMeta({ ...meta, schema: schema ?? null, profile: profile ?? null }),
    );
    const own = new Map(tags ?? []);
    if (context !== null) own.set('mlflow.data.context', context);
    const input = {
      source_type: 'DATASET',
      source_id: datasetId,
      destination_type: 'RUN',
      // MLflow writes the data set's id here.
      destination_id: datasetId,
      tags: Object.fromEntries(own),
    };
    write(`${runFolder}/inputs/${md5(datasetId + runId)}`, formatMeta(input));
  }
}
