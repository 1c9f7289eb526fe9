import { isAbsolute, join, resolve } from 'node:path';
import type { KeyPath } from '../../components/core/errors.ts';
import { isMapping } from './spec.ts';
import type { ConfigMap, ConfigValue, QlibSettings, Settings, TaskSettings, Workflow } from './types.ts';

/** qlib's key of a folder that holds all frequencies. */
const anyFreq = '__DEFAULT_FREQ';
/** Where qlib looks when no provider_uri is given. */
const defaultProvider = '~/.qlib/qlib_data/cn_data';

/** The parts of a workflow that `checkWorkflow` found no error in, defaults filled in. */
export function settingsOf(
  { config }: Workflow,
  where: { readonly cwd: string; readonly home: string },
): Settings {
  const name = config['experiment_name'];
  const qlib = qlibSettings(mappingAt(config, 'qlib_init'), where);
  // null comes before the command line, as in qlib
  const unnamed = name === null ? (qlib.expManager?.default_exp_name ?? 'Experiment') : undefined;
  return {
    experimentName: typeof name === 'string' ? name : unnamed,
    qlib,
    task: taskSettings(mappingAt(config, 'task')),
  };
}

function mappingAt(map: ConfigMap, key: string): ConfigMap {
  const value = map[key];
  return isConfigMap(value) ? value : Object.create(null);
}

const isConfigMap = (value: ConfigValue | undefined): value is ConfigMap => isMapping(value);

function qlibSettings(raw: ConfigMap, where: { readonly cwd: string; readonly home: string }): QlibSettings {
  const provider = raw['provider_uri'] ?? defaultProvider;
  const folders = isConfigMap(provider) ? Object.entries(provider) : [[anyFreq, provider] as const];
  const { region } = raw;
  const manager = raw['exp_manager'];
  return {
    providerUri: Object.fromEntries(folders.map(([freq, folder]) => [freq, expand(String(folder), where)])),
    region: region === 'us' || region === 'tw' ? region : 'cn',
    expManager: isConfigMap(manager) ? mappingAt(manager, 'kwargs') : undefined,
    raw,
  };
}

/** A folder as Python's `Path(x).expanduser().resolve()` has it. */
function expand(folder: string, { cwd, home }: { readonly cwd: string; readonly home: string }): string {
  if (folder === '~' || folder.startsWith('~/')) return join(home, folder.slice(1));
  return isAbsolute(folder) ? resolve(folder) : resolve(cwd, folder);
}

function taskSettings(raw: ConfigMap): TaskSettings {
  const record = raw['record'] ?? [];
  const path: KeyPath = ['task', 'record'];
  return {
    model: raw['model'] ?? null,
    dataset: raw['dataset'] ?? null,
    reweighter: raw['reweighter'] ?? undefined,
    records: Array.isArray(record)
      ? record.map((spec: ConfigValue, i) => ({ spec, path: [...path, i] }))
      : [{ spec: record, path }],
    raw,
  };
}
