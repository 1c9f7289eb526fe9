import { dump } from 'js-yaml';
import { jsonText } from '../../../records/codec/json-text.ts';
import type { ArtifactFolder } from '../../../records/tracking/artifact-folder.ts';
import { type ApiRoute, runParameter } from './api-route.ts';
import { loadArtifact } from './load-artifact.ts';

export const configRoute: ApiRoute = {
  method: 'GET',
  path: 'runs/:run_id/config',
  summary: 'The workflow of a run as YAML text, with the artifact it comes from; null where none is kept',
  parameters: [runParameter],
  async handle(fields, { places }) {
    return (await configOf(await places.ofRun(fields.requiredText('run_id')))) ?? { path: null, text: null };
  },
};

/** `config.yaml`, which qrun writes, else what qlib pickles as `config` or `task`. */
export async function configOf(folder: ArtifactFolder): Promise<{ path: string; text: string } | undefined> {
  const there = new Set((await folder.list()).map(({ path }) => path));
  if (there.has('config.yaml'))
    return { path: 'config.yaml', text: Buffer.from(await folder.read('config.yaml')).toString('utf8') };
  for (const path of ['config', 'task']) {
    if (!there.has(path)) continue;
    try {
      const plain: unknown = JSON.parse(jsonText(await loadArtifact(folder, path), { maxLength: 5_000_000 }));
      return { path, text: dump(plain, { lineWidth: 120, noRefs: true }) };
    } catch {
      // Another file of the same name: no config.
    }
  }
  return undefined;
}
