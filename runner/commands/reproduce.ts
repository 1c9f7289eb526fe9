import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../components/core/errors.ts';
import { homeFolder } from '../../components/core/home-folder.ts';
import { diffFingerprints, isSameData } from '../../components/data/fingerprint-diff.ts';
import { readAgain } from '../../components/data/read-again.ts';
import { isNotFound } from '../../records/tracking/errors.ts';
import { openStore } from '../../records/tracking/open-store.ts';
import type { TrackingStore } from '../../records/tracking/store.ts';
import { recordEnvironment } from '../record/environment.ts';
import { reportError } from '../report-error.ts';
import type { RunHooks } from '../run-hooks.ts';
import { ensembleOf, saveEnsemble } from '../sweep/predictions/ensemble.ts';
import { type Comparison, compareRuns } from '../sweep/reproduce/compare-runs.ts';
import {
  environmentDifferences,
  type RecordedEnvironment,
} from '../sweep/reproduce/environment-differences.ts';
import { runWorkflow } from '../workflow.ts';
import { fingerprintOfRun } from './data-diff.ts';
import { differenceLines } from './data-diff-text.ts';
import { findRun } from './runs/find-run.ts';
import { print, type StoreFlags, withStore } from './runs/open.ts';

export interface ReproduceFlags extends StoreFlags {
  readonly run: string;
  /** Overrides for this machine: `qlib_init.provider_uri=/data`. */
  readonly overrides: readonly string[];
  readonly threads?: number;
  readonly verbose?: boolean;
  readonly debug?: boolean;
}

const shown = 20;

/** `qrun reproduce RUN`: makes a run again and says what is equal. 0: everything is identical, 1: not. */
export async function reproduceCommand({ debug = false, ...flags }: ReproduceFlags): Promise<number> {
  try {
    return await withStore(flags, (store) => reproduce(store, flags));
  } catch (error) {
    return reportError(error, debug);
  }
}

async function reproduce(store: TrackingStore, flags: ReproduceFlags): Promise<number> {
  const { info, data } = await findRun(store, flags.run);
  const { runId } = info;
  if (info.status !== 'FINISHED')
    throw new UserError(`run ${runId} is ${info.status}, only finished runs can be reproduced`);
  const config = await artifactText(store, runId, 'config.yaml');
  if (config === undefined)
    throw new UserError(`run ${runId} has no config.yaml`, {
      hint: 'runs of qrun have one; runs of Python qlib have none',
    });
  const environment = JSON.parse(
    (await artifactText(store, runId, 'environment.json')) ?? '{}',
  ) as RecordedEnvironment;
  const { seed = 0, threads, blasThreads } = environment;
  print(`run ${runId}, seed ${seed}, again`);
  const now = await recordEnvironment({
    cwd: process.cwd(),
    seed,
    threads: flags.threads ?? threads ?? 1,
    blasThreads: blasThreads ?? 1,
  });
  const differences = environmentDifferences(
    environment,
    JSON.parse(JSON.stringify(now)) as RecordedEnvironment,
  );
  print(differences.length === 0 ? 'environment: same versions, same code' : 'environment:');
  for (const line of differences) print(`  ${line}`);
  const isSame = await printData(store, runId, flags.overrides);

  const folder = await mkdtemp(join(tmpdir(), 'qrun-reproduce-'));
  try {
    const again = await runAgain({
      folder,
      config,
      flags,
      seed,
      threads,
      blasThreads,
      hooks: hooksOf(store, data.tags),
    });
    const other = await openStore(again.uri, Date.now);
    const comparison = await compareRuns({ store, runId }, { store: other, runId: again.runId });
    await other.close();
    return tell(comparison, isSame) ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An ensemble is made again from the predictions of its runs. */
function hooksOf(store: TrackingStore, tags: ReadonlyMap<string, string>): RunHooks {
  const ensemble = ensembleOf(tags);
  if (!ensemble) return {};
  return {
    async reuseFit(_, recorder) {
      await saveEnsemble(store, ensemble, recorder);
      return true;
    },
  };
}

async function runAgain(options: {
  readonly folder: string;
  readonly config: string;
  readonly flags: ReproduceFlags;
  readonly seed: number;
  readonly threads: number | undefined;
  readonly blasThreads: number | undefined;
  readonly hooks: RunHooks;
}): Promise<{ runId: string; uri: string }> {
  const { folder, config, flags, seed, threads, blasThreads, hooks } = options;
  const file = join(folder, 'config.yaml');
  await writeFile(file, config);
  const manager = `{class: MLflowExpManager, module_path: qlib.workflow.expm, kwargs: {uri: ${JSON.stringify(`file:${folder}/mlruns`)}, default_exp_name: Experiment}}`;
  return runWorkflow({
    config: file,
    overrides: [...flags.overrides, `++qlib_init.exp_manager=${manager}`],
    seed,
    hooks,
    threads: flags.threads ?? threads,
    verbose: flags.verbose === true,
    cwd: process.cwd(),
    home: homeFolder(),
    env: { ...process.env, ...(blasThreads === undefined ? {} : { OMP_NUM_THREADS: String(blasThreads) }) },
    terminal: {
      isTTY: false,
      write: (text) => (flags.verbose ? void process.stdout.write(text) : undefined),
    },
    now: Date.now,
  });
}

/** Is the data the run has read still the same? Undefined where the run has no fingerprint. */
async function printData(
  store: TrackingStore,
  runId: string,
  overrides: readonly string[],
): Promise<boolean | undefined> {
  const provider = overrides.find((text) => /^\+{0,2}qlib_init\.provider_uri=/.test(text));
  const elsewhere = provider?.slice(provider.indexOf('=') + 1);
  try {
    const before = await fingerprintOfRun(store, runId);
    const { fingerprint, longer } = await readAgain(before, elsewhere);
    const difference = diffFingerprints(before, fingerprint);
    const isSame = isSameData(difference);
    print(isSame ? `data: the same, fingerprint ${before.root}` : 'data:');
    if (!isSame) for (const line of differenceLines(difference, longer)) print(`  ${line}`);
    return isSame;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    print(`data: ${error.problem}`);
    return undefined;
  }
}

function tell(comparison: Comparison, isSameData: boolean | undefined): boolean {
  const { equalMetrics, metrics, equalArtifacts, artifacts, firstStage } = comparison;
  const total = (equal: readonly unknown[], other: readonly unknown[]) =>
    `${equal.length} of ${equal.length + other.length}`;
  print(`metrics: ${total(equalMetrics, metrics)} equal`);
  for (const { name, what } of metrics.slice(0, shown)) print(`  ${name}: ${what}`);
  if (metrics.length > shown) print(`  ... and ${metrics.length - shown} more`);
  print(`artifacts: ${total(equalArtifacts, artifacts)} identical, byte by byte`);
  for (const { name, what } of artifacts.slice(0, shown)) print(`  ${name}: ${what}`);
  if (artifacts.length > shown) print(`  ... and ${artifacts.length - shown} more`);
  if (metrics.length + artifacts.length === 0) {
    print('identical');
    return true;
  }
  if (firstStage)
    print(
      `not identical; the first that differs is ${firstStage.artifact} of ${firstStage.stage}: ${firstStage.what}`,
    );
  else print('not identical: metrics differ, no artifact does');
  if (isSameData === false) print('the data has changed since; that may be why');
  return false;
}

async function artifactText(store: TrackingStore, runId: string, name: string): Promise<string | undefined> {
  try {
    return Buffer.from(await (await store.artifacts(runId)).read(name)).toString('utf8');
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
