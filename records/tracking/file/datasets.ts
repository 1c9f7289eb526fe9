import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatasetInput } from '../types.ts';
import { names } from './layout.ts';
import { parseMeta } from './meta-yaml.ts';
import { readText } from './read-text.ts';

const none: readonly DatasetInput[] = [];

/** The data sets that a run has read: `RUN/inputs/ID/meta.yaml` names one of `EXPERIMENT/datasets/`. */
export function readDatasets(runFolder: string): readonly DatasetInput[] {
  // Most runs have none; asking is much cheaper than an error of readdir.
  if (!existsSync(`${runFolder}/inputs`)) return none;
  const found: DatasetInput[] = [];
  for (const id of names(`${runFolder}/inputs`)) {
    const input = parseMeta(readText(`${runFolder}/inputs/${id}/meta.yaml`) ?? '');
    if (input?.['source_type'] !== 'DATASET') continue;
    const source = String(input['source_id']);
    if (!/^\w+$/.test(source)) continue;
    const dataset = parseMeta(readText(`${dirname(runFolder)}/datasets/${source}/meta.yaml`) ?? '');
    if (!dataset) continue;
    const tags = new Map(Object.entries(input['tags'] ?? {}).map(([k, v]) => [k, String(v)]));
    found.push({
      name: String(dataset['name']),
      digest: String(dataset['digest']),
      context: tags.get('mlflow.data.context') ?? null,
      sourceType: textOf(dataset['source_type']) ?? '',
      source: textOf(dataset['source']) ?? '',
      schema: textOf(dataset['schema']),
      profile: textOf(dataset['profile']),
      tags,
    });
  }
  return found;
}

const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);
