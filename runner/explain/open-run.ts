import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../components/core/errors.ts';
import { homeFolder } from '../../components/core/home-folder.ts';
import type { Log } from '../../components/core/log.ts';
import { WorkerPool } from '../../components/core/workers.ts';
import { openData } from '../../components/data/folder-provider.ts';
import type { DataProvider } from '../../components/data/provider.ts';
import type { Recorder } from '../../records/tracking/recorder.ts';
import {
  operatorsWhereNamed,
  readWorkflow,
  type Settings,
  settingsOf,
  type Workflow,
} from '../config/index.ts';
import { yamlText } from '../record/yaml-text.ts';

/** A recorded run with its config and the data that it names. */
export interface OpenRun {
  readonly workflow: Workflow;
  readonly settings: Settings;
  readonly data: DataProvider;
  readonly pool: WorkerPool;
}

/** Opens what a run was made from: its artifact `config.yaml`, or `config` of runs that others made. @throws UserError where it has neither. */
export async function withRun<T>(
  recorder: Recorder,
  log: Log,
  work: (run: OpenRun) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'qrun-'));
  const pool = new WorkerPool();
  try {
    const file = join(folder, 'config.yaml');
    await writeFile(file, await configOf(recorder));
    const where = { cwd: process.cwd(), home: homeFolder() };
    // the text is rendered already: nothing in it is a template
    const workflow = await readWorkflow(file, { env: {}, cwd: where.cwd });
    const settings = settingsOf(workflow, where);
    const operators = await operatorsWhereNamed(workflow);
    const data = openData(settings.qlib.providerUri, { pool, log, operators });
    return await work({ workflow, settings, data, pool });
  } finally {
    await pool.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function configOf(recorder: Recorder): Promise<string> {
  const there = new Set(await recorder.listArtifacts());
  const text = there.has('config.yaml') ? await recorder.loadObject('config.yaml') : undefined;
  if (typeof text === 'string') return text;
  const tree = there.has('config') ? await recorder.loadObject('config') : undefined;
  if (tree instanceof Map) return yamlText(tree);
  throw new UserError(`run ${recorder.id} has recorded no config`, {
    hint: 'the artifact config.yaml is needed to reckon its features again',
  });
}
