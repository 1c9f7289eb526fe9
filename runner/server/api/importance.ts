import type { ArtifactFolder } from '../../../records/tracking/artifact-folder.ts';
import { configOf } from './config.ts';
import { featureNames } from './feature-names.ts';
import type { FoundFile } from './files.ts';

const most = 200;
const mostBytes = 64 * 1024 * 1024;

/**
 * Feature importance: out of an artifact `feature_importance.json` (`{name: value}`) or, by number of splits, out of a LightGBM model in
 * text form.
 */
export async function importanceOf(
  folder: ArtifactFolder,
  files: readonly FoundFile[],
): Promise<object | null> {
  const of = (test: RegExp) => files.find(({ path, size }) => test.test(path) && size <= mostBytes)?.path;
  const json = of(/(?:^|\/)feature_importance\.json$/);
  if (json !== undefined) {
    try {
      const value: unknown = JSON.parse(Buffer.from(await folder.read(json)).toString('utf8'));
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        return sorted(
          Object.entries(value).map(([name, x]) => [name, Number(x)]),
          'as recorded',
        );
    } catch {
      return null;
    }
  }
  const model = of(/(?:^|\/)model\.txt$/);
  if (model === undefined) return null;
  const text = Buffer.from(await folder.read(model)).toString('utf8');
  if (!text.startsWith('tree\n')) return null;
  return sorted(splitCounts(text, await namesOf(text, folder)), 'number of splits');
}

/** Those of the model, or those of the workflow where the model has numbers only. */
async function namesOf(model: string, folder: ArtifactFolder): Promise<readonly string[]> {
  const own = /^feature_names=(.*)$/m.exec(model)?.[1]?.split(' ') ?? [];
  if (!own.every((name) => /^Column_\d+$/.test(name))) return own;
  const config = await configOf(folder);
  return (config && featureNames(config.text, own.length)) ?? own;
}

/** Counts over all trees. */
function splitCounts(model: string, names: readonly string[]): [string, number][] {
  const counts = new Map<number, number>();
  for (const [, list] of model.matchAll(/^split_feature=(.*)$/gm))
    for (const feature of list!.trim().split(' ')) {
      if (feature !== '') counts.set(Number(feature), (counts.get(Number(feature)) ?? 0) + 1);
    }
  return [...counts].map(([feature, count]) => [names[feature] ?? `Column_${feature}`, count]);
}

function sorted(pairs: readonly [string, number][], kind: string): object | null {
  const found = pairs
    .filter(([, value]) => Number.isFinite(value))
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (found.length === 0) return null;
  const shown = found.slice(0, most);
  return {
    kind,
    names: shown.map(([name]) => name),
    values: shown.map(([, value]) => value),
    total: found.length,
  };
}
