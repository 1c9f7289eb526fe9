import { UserError } from '../../../components/core/errors.ts';
import { decodeObject } from '../../../records/codec/codec.ts';
import type { ArtifactFolder } from '../../../records/tracking/artifact-folder.ts';
import type { TrackingStore } from '../../../records/tracking/store.ts';
import { firstDifference } from './first-difference.ts';

export interface Difference {
  readonly name: string;
  readonly what: string;
}

export interface Comparison {
  /** Names of the equal ones. */
  readonly equalMetrics: readonly string[];
  readonly metrics: readonly Difference[];
  readonly equalArtifacts: readonly string[];
  readonly artifacts: readonly Difference[];
  /** The first stage whose artifacts or metrics differ. */
  readonly firstStage:
    | { readonly stage: string; readonly artifact: string; readonly what: string }
    | undefined;
}

export interface RunOf {
  readonly store: TrackingStore;
  readonly runId: string;
}

/** Tells of time, place and machine, or is made from what is compared already. */
const notCompared =
  /^(?:qrun\.log|environment\.json|stages\.json|config|config\.yaml|report\.html|data_fingerprint\.json\.gz|code_\w+\.txt)$/;

/** Hangs on how many runs the experiment has, not on the run. */
const notComparedMetric = /\.(?:trials|deflated)$/;

/** Compares all points of all metrics by bits and all artifacts by bytes. `before` is the run that was recorded. */
export async function compareRuns(before: RunOf, after: RunOf): Promise<Comparison> {
  const [a, b] = [await before.store.artifacts(before.runId), await after.store.artifacts(after.runId)];
  const [files, others] = [await allFiles(a), await allFiles(b)];
  const equalArtifacts: string[] = [];
  const artifacts: Difference[] = [];
  for (const name of [...new Set([...files, ...others])].sort(byStage)) {
    const what = !others.includes(name)
      ? 'is not made again'
      : !files.includes(name)
        ? 'was not made then'
        : await artifactDifference(a, b, name);
    if (what === undefined) equalArtifacts.push(name);
    else artifacts.push({ name, what });
  }
  const metrics = await compareMetrics(before, after);
  const [first] = artifacts;
  return {
    ...metrics,
    equalArtifacts,
    artifacts,
    firstStage: first && { stage: stageOf(first.name), artifact: first.name, what: first.what },
  };
}

async function allFiles(folder: ArtifactFolder, path = ''): Promise<string[]> {
  const found: string[] = [];
  for (const file of await folder.list(path))
    if (file.isFolder) found.push(...(await allFiles(folder, file.path)));
    else if (!notCompared.test(file.path)) found.push(file.path);
  return found;
}

async function artifactDifference(
  a: ArtifactFolder,
  b: ArtifactFolder,
  name: string,
): Promise<string | undefined> {
  const [x, y] = [Buffer.from(await a.read(name)), Buffer.from(await b.read(name))];
  if (x.equals(y)) return undefined;
  let at = 0;
  while (at < Math.min(x.length, y.length) && x[at] === y[at]) at++;
  const bytes = `${x.length} and ${y.length} bytes, from byte ${at} on`;
  try {
    const found = firstDifference(await decodeObject(name, x), await decodeObject(name, y));
    return found ? `${found} (${bytes})` : `the same values, other bytes (${bytes})`;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return bytes;
  }
}

async function compareMetrics(
  before: RunOf,
  after: RunOf,
): Promise<Pick<Comparison, 'equalMetrics' | 'metrics'>> {
  const [a, b] = [await before.store.getRun(before.runId), await after.store.getRun(after.runId)];
  const [x, y] = [a.data.metrics, b.data.metrics];
  const equalMetrics: string[] = [];
  const metrics: Difference[] = [];
  for (const name of [...new Set([...x.keys(), ...y.keys()])].sort()) {
    if (notComparedMetric.test(name)) continue;
    if (!y.has(name)) metrics.push({ name, what: 'is not made again' });
    else if (!x.has(name)) metrics.push({ name, what: 'was not made then' });
    else {
      const [p, q] = [
        await before.store.getMetricHistory(before.runId, name),
        await after.store.getMetricHistory(after.runId, name),
      ];
      const at = p.findIndex((point, i) => !Object.is(point.value, q[i]?.value) || point.step !== q[i]?.step);
      if (at < 0 && p.length === q.length) equalMetrics.push(name);
      else if (at < 0) metrics.push({ name, what: `${p.length} values against ${q.length}` });
      else
        metrics.push({
          name,
          what: `${p[at]!.value} against ${q[at]?.value ?? 'nothing'}${p.length > 1 ? `, first at step ${p[at]!.step}` : ''}`,
        });
    }
  }
  return { equalMetrics, metrics };
}

const stages: readonly (readonly [stage: string, pattern: RegExp])[] = [
  ['config', /^(?:task|dataset)$/],
  ['fit', /^(?!pred\.pkl|label\.pkl)[^/]+$/],
  ['SignalRecord', /^(?:pred|label)\.pkl$/],
  ['SigAnaRecord', /^sig_analysis\//],
  ['PortAnaRecord', /^portfolio_analysis\//],
  ['records', /./],
];

const placeOf = (name: string) => stages.findIndex(([, pattern]) => pattern.test(name));
const stageOf = (name: string) => stages[placeOf(name)]![0];

function byStage(a: string, b: string): number {
  // predictions before labels: they come first
  const name = (text: string) => (text === 'pred.pkl' ? '' : text);
  return placeOf(a) - placeOf(b) || (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0);
}
