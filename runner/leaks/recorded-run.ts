import { join } from 'node:path';
import { formatTime, type Time } from '../../components/core/dates.ts';
import type { Table } from '../../components/core/table.ts';
import type { WorkerPool } from '../../components/core/workers.ts';
import type { DataHandler } from '../../components/dataset/types.ts';
import { createR } from '../../records/tracking/r.ts';
import type { RunRequest, runWorkflow } from '../workflow.ts';

/** What is looked at of a run. */
export interface RunParts {
  readonly handler: DataHandler | undefined;
  /** Tables of predictions, reports and orders by artifact name. */
  readonly tables: ReadonlyMap<string, Table>;
}

export interface RecordedRunOptions {
  readonly request: Omit<RunRequest, 'hooks' | 'terminal' | 'verbose'>;
  /** Folder for the store of this run alone. */
  readonly folder: string;
  readonly pool: WorkerPool;
  /** Makes the run. */
  readonly run: typeof runWorkflow;
  /** Data folders, where they are not those of the workflow. */
  readonly providers: Readonly<Record<string, string>> | null;
  /** Keys of the ends of backtests, and the last day that they may have. */
  readonly backtests: readonly { readonly path: string; readonly end: Time }[];
}

const kept = /^(?:pred\.pkl|.*(?:report_normal_\w+\.pkl|orders\.parquet))$/;

/** Runs a workflow in a store of its own, and keeps what the proof compares. */
export async function recordedRun(options: RecordedRunOptions): Promise<RunParts> {
  const { request, folder, pool, providers, backtests } = options;
  const uri = `file:${join(folder, 'mlruns')}`;
  const manager = {
    class: 'MLflowExpManager',
    module_path: 'qlib.workflow.expm',
    kwargs: { uri, default_exp_name: 'leaks' },
  };
  const overrides = [
    ...(request.overrides ?? []),
    `++qlib_init.exp_manager=${JSON.stringify(manager)}`,
    '++leak=off',
    ...(providers ? [`++qlib_init.provider_uri=${JSON.stringify(singleOrAll(providers))}`] : []),
    ...backtests.map(({ path, end }) => `++${path}=${formatTime(end)}`),
  ];
  let handler: DataHandler | undefined;
  const outcome = await options.run({
    ...request,
    overrides,
    cache: false,
    verbose: false,
    terminal: { isTTY: false, write() {} },
    hooks: {
      pool,
      handler: async (_, make) => (handler = await make()),
    },
  });
  const R = createR({ uri, signals: null });
  const recorder = await R.getRecorder({ experimentName: outcome.experimentName, recorderId: outcome.runId });
  const tables = new Map<string, Table>();
  for (const name of await recorder.listArtifacts()) await collect(name);
  return { handler, tables };

  async function collect(name: string): Promise<void> {
    if (kept.test(name)) {
      const table = await recorder.loadObject(name);
      if (isTable(table)) tables.set(name, table);
    } else if (!name.includes('.'))
      for (const below of await recorder.listArtifacts(name)) await collect(below);
  }
}

function singleOrAll(providers: Readonly<Record<string, string>>): unknown {
  const entries = Object.entries(providers);
  return entries.length === 1 && entries[0]![0] === '__DEFAULT_FREQ' ? entries[0]![1] : providers;
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'kind') === 'frame';
}
